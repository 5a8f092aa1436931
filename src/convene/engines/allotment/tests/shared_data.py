"""The measured instances, when they lie beside the repository; they are not part of it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from convene.engines.allotment import Applicant, Quota

_ROOT = Path(__file__).resolve().parents[5]
FOLDER = next(
    (found for up in _ROOT.parents if (found := up / "shared/data/allotment").is_dir()),
    _ROOT.parent / "shared/data/allotment",
)


def instance(name: str) -> tuple[list[Applicant], list[Quota], int]:
    """Applicants, quotas and seats of an instance, or a skipped test."""
    folder = FOLDER / name
    if not folder.is_dir():
        pytest.skip("../shared/data/allotment is not beside this repository")
    people, targets = table(folder / "respondents.csv"), table(folder / "categories.csv")
    features = {row["feature"] for row in targets}
    applicants = [Applicant(row["id"], {name: row[name] for name in features}) for row in people]
    quotas = [Quota(row["feature"], row["value"], int(row["min"]), int(row["max"])) for row in targets]
    return applicants, quotas, int(name.rpartition("_")[2])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def known(name: str) -> dict[str, Any]:
    """What is known of an instance from elsewhere (optimum and Gini coefficient)."""
    return dict(json.loads((FOLDER / "peer_results.json").read_text(encoding="utf-8"))["instances"][name])
