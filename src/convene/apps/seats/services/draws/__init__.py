"""The draw: entries frozen at closing, sealed and published, then decided by chance nobody here controls.

frozen -> preparing -> committed -> drawing -> drawn. Each step is one short transaction under the workshop's
lock, with the engine between them and no lock held. What chance said is recorded once, by a conditional
UPDATE, and never again; a worker that dies in between does no harm, as doing any step again gives the same.
"""

from convene.apps.seats.services.draws.auditing import (
    name_auditor,
    read_full_record,
    read_people_file,
)
from convene.apps.seats.services.draws.finishing import finish_draw
from convene.apps.seats.services.draws.freezing import (
    freeze_due_draws,
    freeze_entries,
    go_on_after_relaxing,
    look_for_faults,
    resume_draws,
)
from convene.apps.seats.services.draws.knowing import (
    confirm_chance,
    fetch_beacon,
    open_own_value,
    paste_beacon,
    take_chance,
    throw_dice,
)
from convene.apps.seats.services.draws.preparing import prepare_draw
from convene.apps.seats.services.draws.witnesses import (
    end_reveals,
    go_on_without,
    name_witnesses,
    reveal_value,
    seal_value,
)

__all__ = [
    "confirm_chance",
    "end_reveals",
    "fetch_beacon",
    "finish_draw",
    "freeze_due_draws",
    "freeze_entries",
    "go_on_after_relaxing",
    "go_on_without",
    "look_for_faults",
    "name_auditor",
    "name_witnesses",
    "open_own_value",
    "paste_beacon",
    "prepare_draw",
    "read_full_record",
    "read_people_file",
    "resume_draws",
    "reveal_value",
    "seal_value",
    "take_chance",
    "throw_dice",
]
