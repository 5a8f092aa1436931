"""Small pools, made plainly."""

from convene.engines.allotment import Applicant, Quota


def halves(*, women: int, men: int) -> tuple[list[Applicant], list[Quota]]:
    """People in two values; the quotas want two of each among four seats."""
    people = [Applicant(f"w{n}", {"gender": "woman"}) for n in range(women)]
    people += [Applicant(f"m{n}", {"gender": "man"}) for n in range(men)]
    return people, [Quota("gender", "woman", 2, 2), Quota("gender", "man", 2, 2)]


def crowd() -> tuple[list[Applicant], list[Quota]]:
    """Forty people of three features, and quotas for eight seats that fit them unevenly."""
    people = [
        Applicant(
            f"p{n:02}",
            {"age": ("young", "old")[n % 5 > 0], "place": "ABC"[n % 3], "job": ("yes", "no")[n * n % 7 > 2]},
        )
        for n in range(40)
    ]
    return people, [
        Quota("age", "young", 3, 4),
        Quota("age", "old", 4, 5),
        Quota("place", "A", 2, 3),
        Quota("place", "B", 2, 4),
        Quota("place", "C", 2, 2),
        Quota("job", "yes", 2, 5),
        Quota("job", "no", 3, 6),
    ]
