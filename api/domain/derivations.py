"""How computed values are computed: one sentence each, for the codebook."""

DERIVATIONS: dict[str, str] = {
    "low, best, high": "`_low` and `_high` are the least and the greatest number that any claim of the measure gives; "
    "`_best` is the claim of the strongest source (a court or authority, then an original, a copy, an overview), then "
    "the latest as-of, then the most sources, then the first in the record. Counts of a case that grew are separate "
    "claims, so `_low` may be an early count.",
    "currency": "Money is never added up or converted: the columns of a measure in money speak of the best claim's "
    "currency alone, which `_currency` names.",
    "as_of": "The day that a claim is said for; where no source says, the day on which the earliest source that "
    "carries it was published; empty where that is not known either.",
    "verification": "`official_record` when a publication of a court or authority is cited; else `multiple_sources` "
    "with at least two independent originals, else `single_source`. A copy stands for the publisher whose text it "
    "repeats, an overview for nobody.",
    "outcome": "The latest step by its date. Being named a suspect is no charge; bail and conditional release are "
    "`released`.",
    "purposes": "Suspected, unless a court found them.",
    "date_start, date_end": "The first and the last day that `date_edtf` allows. `?` means that the evidence itself is "
    "in doubt, `~` that it is approximate.",
    "lon, lat, precision, uncertainty_m": "The centre and radius of the circle that holds the named area; nothing is "
    "finer than a populated place of 5,000 people.",
}
"""By the columns or fields that the rule makes."""
