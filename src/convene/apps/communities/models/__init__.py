"""Community and everything that hangs on it. Conduct reports are a store of their own."""

from convene.apps.communities.models.conduct import ConductMessage, ConductReport
from convene.apps.communities.models.core import CharterVersion, Community, Feature
from convene.apps.communities.models.membership import (
    Application,
    Membership,
    Organisation,
    Reading,
    RoleTerm,
)
from convene.apps.communities.models.stakeholders import Stakeholder, StakeholderContact
from convene.apps.communities.models.traits import Trait, TraitQuestion

__all__ = [
    "Application",
    "CharterVersion",
    "Community",
    "ConductMessage",
    "ConductReport",
    "Feature",
    "Membership",
    "Organisation",
    "Reading",
    "RoleTerm",
    "Stakeholder",
    "StakeholderContact",
    "Trait",
    "TraitQuestion",
]
