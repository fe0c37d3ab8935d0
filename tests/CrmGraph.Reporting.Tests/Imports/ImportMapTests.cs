using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

public sealed class ImportMapTests
{
    private const string Minimal = "source: shop\nrecords:\n  - customer: {key: id}\n";

    [Theory]
    [InlineData("", 1, "the map is empty")]
    [InlineData("- a\n- b\n", 1, "a map begins with keys")]
    [InlineData("source: shop\n", 1, "'records' is missing")]
    [InlineData("records:\n  - customer: {key: id}\n", 1, "'source' is missing")]
    [InlineData("source: shop\nrecords: [\n", 3, "this is not YAML")]
    [InlineData("source: shop\nrecord:\n  - customer: {key: id}\n", 2, "a map has no key 'record' (did you mean 'records'?).")]
    [InlineData("source: shop\nsource: shop\nrecords:\n  - customer: {key: id}\n", 2, "'source' stands here twice")]
    [InlineData("source: shop\nrecords:\n  - custumer: {key: id}\n", 3, "there is no record 'custumer' (did you mean 'customer'?); there are")]
    [InlineData("source: shop\nrecords:\n  - customer: {name: n}\n", 3, "'customer' needs 'key'")]
    [InlineData("source: shop\nrecords:\n  - customer: {key: id, emial: e}\n", 3, "'customer' has no key 'emial' (did you mean 'email'?).")]
    [InlineData(
        "source: shop\nrecords:\n  - customer:\n      key: id\n      name: {colum: n}\n",
        5,
        "'customer.name' needs exactly one of column, expr and const")]
    [InlineData("source: shop\nrecords:\n  - customer:\n      key: id\n      name: {column: n, expr: '1'}\n", 5, "exactly one of column, expr and const")]
    [InlineData("source: shop\nrecords:\n  - customer:\n      key: id\n      name: \"= nam(1)\"\n", 5, "there is no function 'nam'")]
    [InlineData(
        "source: shop\nrecords:\n  - customer:\n      key: id\n      name: {column: n, replace: {pattern: '(', with: x}}\n",
        5,
        "is no regular expression")]
    [InlineData(
        "source: shop\nrecords:\n  - customer:\n      key: id\n      name: {column: n, replace: {pattern: '(?=a)b', with: x}}\n",
        5,
        "looks around or refers back")]
    [InlineData("source: shop\nrecords:\n  - customer:\n      key: id\n      name: {column: n, format: iso}\n", 5, "'format' belongs to dates and numbers")]
    [InlineData("source: shop\nrecords:\n  - customer:\n      key: id\n      birthDate: {column: n, format: qq}\n", 5, "is no date pattern")]
    [InlineData("source: shop\nfile: {delimiter: ';', encoding: utf-9}\nrecords:\n  - customer: {key: id}\n", 2, "the encoding 'utf-9' is unknown")]
    [InlineData("source: shop\nfile: {header: maybe}\nrecords:\n  - customer: {key: id}\n", 2, "'header' is true or false")]
    [InlineData("source: shop\ndefaults: {zone: Mars/Base}\nrecords:\n  - customer: {key: id}\n", 2, "the time zone 'Mars/Base' is unknown")]
    [InlineData("source: shop\ndefaults: {numbers: '1234'}\nrecords:\n  - customer: {key: id}\n", 2, "shows how 1234.56 is written")]
    [InlineData("source: shop\nrules:\n  - reject: x\nrecords:\n  - customer: {key: id}\n", 3, "a rule needs 'when'")]
    [InlineData("source: shop\nrules:\n  - drop: x\n    when: 'true'\nrecords:\n  - customer: {key: id}\n", 3, "one of reject, skip and route")]
    [InlineData("source: shop\nrecords:\n  - customer: {key: id, route: nowhere}\n", 3, "no rule routes rows to 'nowhere'")]
    [InlineData("source: shop\nrecords:\n  - order: {number: n}\n", 3, "needs 'key' (the id in the file), 'orderedAt', or both")]
    [InlineData("source: &a shop\nrecords:\n  - customer: {key: *a}\n", 1, "anchors (&name) are not used in maps")]
    [InlineData("source: shop\nrecords:\n  - customer: {key: 0}\n", 3, "columns are counted from 1")]
    [InlineData("source: shop\nrecords:\n  - order: {key: id, orderedAt: d, line: {unitPrice: p, amount: a}}\n", 3, "'order.line' has unitPrice and amount")]
    [InlineData("source: shop\nrecords:\n  - order: {key: id, orderedAt: d, line: {quantity: q}}\n", 3, "'order.line' needs unitPrice or amount")]
    [InlineData("source: shop\nrecords:\n  - order: {key: id, orderedAt: d, amount: a, line: {unitPrice: p}}\n", 3, "'order' has a line and an amount")]
    [InlineData("source: shop\nrecords:\n  - order: {key: id, orderedAt: d, line: {mode: keep, unitPrice: p}}\n", 3, "'order.line' has no key 'mode'")]
    [InlineData("source: shop\nrecords:\n  - surveyResponse: {answeredAt: d, score: s}\n", 3, "needs 'kind' and 'score'")]
    [InlineData(
        "source: shop\nrecords:\n  - surveyResponse: {key: id, answeredAt: d, kind: {const: nps}, score: s, scaleMaximum: {const: 5}}\n",
        3,
        "a scaleMaximum that its kind never has")]
    [InlineData("source: shop\nrecords:\n  - opportunity: {openedAt: d, stage: s}\n", 3, "needs 'key', 'name', or both")]
    [InlineData(
        "source: shop\nrecords:\n  - opportunity: {key: id, openedAt: d, stage: s, status: {const: open}, closedAt: c}\n",
        3,
        "is always open and has closedAt")]
    [InlineData("source: shop\ndefaults: {currency: EURO}\nrecords:\n  - order: {key: id, orderedAt: d, amount: a}\n", 2, "'EURO' is not a currency")]
    [InlineData("source: shop\nrecords:\n  - order: {key: id, orderedAt: d, amount: a, currency: {const: €}}\n", 3, "'€' is not a currency")]
    [InlineData("source: shop\nrecords:\n  - customer: {key: id, gender: {column: g, values: {M: MAN}}}\n", 3, "'MAN' is none of")]
    [InlineData("source: shop\nrecords:\n  - order: {key: id, orderedAt: {const: 1.7.2025}, amount: a}\n", 3, "'1.7.2025' is not a date")]
    [InlineData("source: shop\nrecords:\n  - order: {key: id, orderedAt: d, amount: {column: a, default: none}}\n", 3, "'none' is not a number")]
    [InlineData("source: shop\nrecords:\n  - order: {key: {const: ''}, orderedAt: d, amount: a}\n", 3, "a value is needed in every row")]
    public void A_mistake_in_a_map_is_told_with_its_line(string yaml, int line, string message)
    {
        var exception = Assert.Throws<ImportException>(() => ImportMap.Parse(yaml, "map.yaml"));
        Assert.Equal(ImportErrorCodes.MapInvalid, exception.Code);
        Assert.Contains(
            exception.Message.Split('\n'),
            found => found.StartsWith($"map.yaml, line {line},", StringComparison.Ordinal) && found.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var exception = Assert.Throws<ImportException>(
            () => ImportMap.Parse("sourse: shop\nfile: {quote: '<<'}\nrecords:\n  - product: {name: n}\n", "map.yaml"));
        Assert.Equal(4, exception.Message.Split('\n').Length);
    }

    [Fact]
    public void Deep_nesting_and_large_maps_are_refused()
    {
        Assert.Equal(
            ImportErrorCodes.MapInvalid,
            Assert.Throws<ImportException>(() => ImportMap.Parse(Minimal + "description: " + new string('[', 5_000), "m")).Code);
        Assert.Equal(ImportErrorCodes.MapInvalid, Assert.Throws<ImportException>(() => ImportMap.Parse(Minimal + "#" + new string('x', 2_000_000), "m")).Code);
    }

    [Fact]
    public void An_unknown_ready_map_names_those_that_there_are()
    {
        var exception = Assert.Throws<ImportException>(() => ReadyMaps.Load("online-retial"));
        Assert.Equal(ImportErrorCodes.MapUnknown, exception.Code);
        Assert.Contains("did you mean 'online-retail'?", exception.Message, StringComparison.Ordinal);
    }
}
