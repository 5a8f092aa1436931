"""Tables of people that give nobody away: small cells hidden, and nothing hidden can be worked out.

**Whom we protect against.** A reader who knows by name who is in every column (a steward sees who asked and
who came), who knows every figure published now and earlier, with every margin that follows, and how counting
works; and who wants to know what a person declared about themselves.

**What is promised**, for every set of people that the columns single out (a column, the difference of two
columns, and the difference to an earlier column or to the same column under another filter, given as
`beside`) and every answer that 1 to k-1 people of that set gave:

1. *No count of 1 to k-1 is shown*, nor two counts of one row that differ by so few.
2. *Nothing narrows it down*: there is a world of whole people, agreeing with every figure ever published, in
   which none of the set gave that answer; and one in which k or more did (all of them, if the set is smaller
   than k). So the reader's feasible interval for a hidden small count always reaches from 0 to k or more.
3. *Nobody is certain*: for each person there is such a world in which they gave another answer (not none).

Of 2, what an earlier figure says by itself about people who are singled out only later cannot be taken back;
then nothing that is published later may break anything else.

**How.** Rows are taken in one by one, in an order that does not depend on their figures, and one is published
only if afterwards all of this still holds; the rest is counted together. Whether it holds is decided exactly,
by integer programs over all worlds (`worlds.py`); what was not decided in time counts as not holding. This is
query auditing (Chin and Özsoyoğlu 1982; Kleinberg, Papadimitriou and Raghavan 2003) applied to cell
suppression, whose usual form protects intervals by linear programs (Fischetti and Salazar 2001; Hundepool et
al., *Statistical Disclosure Control*, 2012, chapter 4). Why not rounding: docs/decisions/0010.

**What is not promised.** Likelihood: eight of nine is a good guess about each of the nine. And what readers
tell each other about themselves.
"""

from convene.foundation.disclosure.protecting import NOTHING_SAID, protect, protect_counts
from convene.foundation.disclosure.tables import Column, Figure, K, Row, Table

__all__ = ["NOTHING_SAID", "Column", "Figure", "K", "Row", "Table", "protect", "protect_counts"]
