"""The registry of meters is whole."""

from collections import Counter

from timeline.meters import meter_of_unit, meters


def test_every_meter_says_what_it_is() -> None:
    for meter in meters().values():
        assert meter.about.endswith("."), meter.name
        assert meter.per > 0
        assert meter.modality in {"text", "audio", "image", "video", "document", "none"}


def test_a_unit_means_one_meter() -> None:
    counted = Counter(unit for meter in meters().values() for unit in meter.units)
    assert [unit for unit, times in counted.items() if times > 1] == []
    assert (meter_of_unit("image"), meter_of_unit("GB-day"), meter_of_unit("furlong")) == ("image", "storage", None)


def test_the_meters_of_the_design_are_there() -> None:
    named = (
        "input output cache_read cache_write reasoning input_audio output_audio input_image output_image input_video "
        "image video_second character page request web_search tool_call training storage embedding rerank gpu_hour "
        "unit_hour seat"
    )
    assert set(named.split()) <= set(meters())
