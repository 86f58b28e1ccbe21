"""The id of a cluster is an argument of Kafka's tool, so it must not look like an option."""

from local.broker import new_cluster_id


def test_no_id_begins_with_a_dash() -> None:
    """One in 64 would, by chance: the broker then did not start, with a word about unknown options."""
    made = [new_cluster_id() for _ in range(2000)]

    assert [one for one in made if one.startswith("-") or len(one) != 22] == []
