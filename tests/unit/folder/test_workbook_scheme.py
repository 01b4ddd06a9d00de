import pytest

from tests.unit.folder.folders import make
from tests.unit.folder.test_workbook import book
from tongkao.folder.cell_text import BadText, binding_cell, free_cell, mapping_cell
from tongkao.folder.read import check_folder, read_folder
from tongkao.folder.write import write_inputs

SCHEME: list[list[object]] = [
    ["项目", "内容", "备注"],
    ["id", "starter-2025", ""],
    ["title.zh", "综合考核（起步示例）", ""],
    ["title.en", "Comprehensive assessment (starting example)", ""],
    ["year", 2025, ""],
    ["full_mark", 100, ""],
    ["rounding", "{at: [total], places: 2, mode: half_up}", "只在总分"],
    ["missing", "error", ""],
    ["not_applicable", "redistribute", ""],
    ["# 序列", "", ""],
    ["tracks.city.title.zh", "设区市", ""],
    ["tracks.city.title.en", "Cities", ""],
    ["tracks.city.tiers[]", "{id: first, title: {zh: 第一等次, en: First tier}, count: 1}", ""],
    ["tracks.city.tiers[]", "id: second; title: {zh: 第二等次, en: Second tier}; share: 0.5", ""],
    ["tracks.city.tiers[]", "{id: third, title: {zh: 第三等次, en: Third tier}}", ""],
    ["tracks.city.ties", "by: [development]; otherwise: share", ""],
    ["tracks.city.awards[]", "{id: advancement, title: {zh: 争先进位奖, en: Advancement award}, when: rank_change >= 2}", ""],
    ["events.national_praise.title", "{zh: 国家表彰, en: National commendation}", ""],
    ["events.national_praise.effect", "bonus: 0.5; cap: 2", ""],
    ["events.ledger_request.title", "{zh: 随意索要台账资料, en: Asking for ledgers at will}", ""],
    ["events.ledger_request.effect", "deduct: 0.5; cap: 3", ""],
]
INDICATORS: list[list[object]] = [
    ["指标", "名称", "英文名称", "计量单位", "责任单位", "算式", "方向", "计分方法", "约束"],
    [
        "gdp_per_capita",
        "人均地区生产总值",
        "GDP per capita",
        "元",
        "统计局",
        "gdp * 10000 / population",
        "正向",
        "minmax; low: 60; high: 100",
    ],
    [
        "pm25",
        "PM2.5 年均浓度",
        "Annual mean PM2.5",
        "微克/立方米",
        "生态环境局",
        "",
        "逆向",
        "target；cap：100；floor：0",
        "value <= target; tier_at_most: second",
    ],
    ["satisfaction", "群众满意度", "Public satisfaction", "分", "考核办", "", "", "identity"],
]
TREE: list[list[object]] = [
    ["序列", "节点", "上级", "名称", "英文名称", "分值", "分值 north"],
    ["city", "development", "", "高质量发展成效", "Development results", 60],
    ["city", "gdp_per_capita", "development", "", "", 40, 30],
    ["city", "pm25", "development", "", "", 20, 30],
    ["city", "opinion", "", "满意度评价", "Satisfaction", 40],
    ["city", "satisfaction", "opinion", "", "", 40],
]


def sheets(**changes):
    """The three sheets with some cells changed: ``tree_F4=30``."""
    tables = {"scheme": SCHEME, "indicators": INDICATORS, "tree": TREE}
    tables = {name: [list(row) for row in rows] for name, rows in tables.items()}
    for name, value in changes.items():
        table, cell = name.split("_")
        row, column = int(cell[1:]) - 1, ord(cell[0]) - 65
        rows = tables[table]
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return tables


def problems(path, tables) -> list[str]:
    folder = make(path, {"scheme.yaml": None, "scheme.xlsx": book(tables)})
    return [problem.describe("en") for problem in check_folder(folder)[1]]


def test_the_sheets_say_the_same_as_the_starting_yaml(tmp_path):
    assert problems(tmp_path / "book", sheets()) == []
    from_book = read_folder(tmp_path / "book")
    assert from_book.scheme == read_folder(make(tmp_path / "yaml")).scheme


def test_the_text_that_is_kept_reads_back_as_the_same_scheme(tmp_path):
    folder = make(tmp_path / "book", {"scheme.yaml": None, "scheme.xlsx": book(sheets())})
    first = read_folder(folder)
    write_inputs(first, tmp_path / "copy")
    assert read_folder(tmp_path / "copy").scheme == first.scheme


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"scheme_A5": "title.zh"}, ["scheme.xlsx [scheme] A5: title.zh is there twice"]),
        (
            {"scheme_A5": "title"},
            ["scheme.xlsx [scheme] A5: title clashes with title: one place cannot both be a value and have parts"],
        ),
        (
            {"scheme_A5": "ye ar"},
            [
                "scheme.xlsx [scheme] A5: the key ye ar has the wrong form; expected, for example, year, "
                "title.zh or tracks.city.tiers[]"
            ],
        ),
        (
            {"scheme_B7": "{at: [total, places: 2}"},
            [
                "scheme.xlsx [scheme] B7: the brackets or quotation marks of {at: [total, places: 2} do not match; expected, "
                "for example, {id: first, title: 第一等次, count: 5}"
            ],
        ),
        (
            {"tree_C3": "develop"},
            ["scheme.xlsx [tree] C3: the track city has no node develop to be the parent (did you mean development?)"],
        ),
        ({"tree_C2": "opinion", "tree_C5": "development"}, ["scheme.xlsx [tree] C2: the node development is above itself"]),
        ({"tree_A4": ""}, ["scheme.xlsx [tree] A4: track must not be empty"]),
        ({"indicators_A4": "pm25"}, ["scheme.xlsx [indicators] A4: pm25 is there twice"]),
        (
            {"indicators_H1": "计分"},
            [
                "scheme.xlsx [indicators] 1:1: the column score is missing; the header is: 指标, 名称, 英文名称, 计量单位, "
                "责任单位, 算式, 方向, 计分, 约束",
                "scheme.xlsx [indicators] H1: the table indicators has no column 计分; its columns are: indicator, title_zh, "
                "title_en, unit_of_measure, owner, basis, value, denominate, direction, compare, score, missing, not_applicable, "
                "treat, binding",
            ],
        ),
    ],
)
def test_faults_of_the_form(tmp_path, changes, expected):
    assert problems(tmp_path, sheets(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"scheme_B5": "soon"}, "scheme.xlsx [scheme] B5"),
        ({"indicators_H2": "minmx; low: 60"}, "scheme.xlsx [indicators] H2"),
        ({"indicators_H2": "minmax; lo: 60"}, "scheme.xlsx [indicators] H2"),
        ({"indicators_F2": "gdp / people"}, "scheme.xlsx [indicators] F2"),
        ({"tree_F4": 30}, "scheme.xlsx [tree] "),
        ({"scheme_B14": "id: second; share: 5"}, "scheme.xlsx [scheme] B14"),
        ({"scheme_B21": "deduct: a lot"}, "scheme.xlsx [scheme] B21"),
    ],
)
def test_faults_of_the_scheme_are_shown_at_their_cells(tmp_path, changes, cell):
    found = problems(tmp_path, sheets(**changes))
    assert found
    assert all(line.startswith(cell) for line in found), found


def test_a_missing_sheet_and_a_scheme_in_both_places(tmp_path):
    tables = sheets()
    del tables["tree"]
    assert problems(tmp_path / "a", tables) == [
        "scheme.xlsx: the scheme in the workbook lacks the sheet tree (expected scheme, tree and indicators)"
    ]
    folder = make(tmp_path / "b", {"scheme.xlsx": book(sheets())})
    assert [problem.describe("en") for problem in check_folder(folder)[1]] == [
        "scheme.xlsx [scheme]: scheme is there more than once: scheme.yaml, scheme.xlsx [scheme]; keep one"
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (60.0, "60"),
        (0.5, "0.5"),
        (True, "true"),
        ("是", "true"),
        ("track", "track"),
        ("[a, b]", "[a, b]"),
        ("bonus: 1; cap: 5", "{bonus: 1, cap: 5}"),
        ("第一等次", '"第一等次"'),
        ('say "x"', '"say \\"x\\""'),
        ("a # b", '"a # b"'),
    ],
)
def test_free_cells(cell, text):
    assert free_cell(cell) == text


@pytest.mark.parametrize("cell", ["[a", "{a: [1}", "[a] b", "{a: 'x}", "{a: 1} # b", "[a #b]"])
def test_brackets_that_do_not_match(cell):
    with pytest.raises(BadText):
        free_cell(cell)


def test_short_forms():
    assert mapping_cell("bands; bands: [[90, 100], [0, 60]]; interpolate: true", "method") == (
        "{method: bands, bands: [[90, 100], [0, 60]], interpolate: true}"
    )
    assert mapping_cell("zero", "") == "zero"
    assert mapping_cell("impute: mean; within: class; otherwise: zero", "") == "{impute: mean, within: class, otherwise: zero}"
    assert binding_cell("value <= target; tier_at_most: second") == '{require: "value <= target", effect: {tier_at_most: second}}'
    with pytest.raises(BadText):
        mapping_cell("minmax; 60", "method")
