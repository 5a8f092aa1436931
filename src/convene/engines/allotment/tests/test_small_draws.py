from convene.engines.allotment import Applicant, Quota, allot
from convene.engines.allotment.tests.makers import halves


def test_everyone_of_a_type_has_the_same_chance() -> None:
    applicants, quotas = halves(women=4, men=6)
    outcome = allot(applicants, quotas, 4, seed="1")
    assert {outcome.chances[person.id] for person in applicants if person.traits["gender"] == "woman"} == {
        0.5
    }
    assert outcome.minimum_chance.achieved == 1 / 3


def test_the_order_of_entries_changes_nothing() -> None:
    applicants, quotas = halves(women=4, men=6)
    assert allot(applicants, quotas, 4, seed=7) == allot(applicants[::-1], quotas[::-1], 4, seed="7")


def test_a_quota_of_nobody_shuts_people_out_and_says_so() -> None:
    applicants = [Applicant("a", {"x": "1"}), Applicant("b", {"x": "2"}), Applicant("c", {"x": "1"})]
    outcome = allot(applicants, [Quota("x", "1", 0, 2), Quota("x", "2", 0, 0)], 1, seed="1")
    assert dict(outcome.chances) == {"a": 0.5, "b": 0.0, "c": 0.5}
    assert [(each.code, each.ids, [limit.text for limit in each.limits]) for each in outcome.warnings] == [
        ("shut_out", ("b",), ["x: 2 at most 0"])
    ]
