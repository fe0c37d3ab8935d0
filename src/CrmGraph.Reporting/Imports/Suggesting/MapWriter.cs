using System.Text;
using CrmGraph.Reporting.Imports.Values;
using CrmGraph.Reporting.Ingest.Fields;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>Writes the map of an assignment of columns.</summary>
internal sealed class MapWriter(FileSample sample, ColumnAssignment columns, string source, string? currency)
{
    private static readonly string[] OrderLine = ["quantity", "unitPrice", "discount", "amount", "cost", "kind"];
    private static readonly string[] Money = ["order.amount", "order.line.unitPrice", "order.line.amount", "opportunity.amount",
        "contract.monthlyAmount", "product.price",
        "campaignSpend.amount"];

    private readonly StringBuilder _yaml = new();
    private readonly HashSet<ImportMapNote> _notes = [];
    private string _dates = DateFormats.Iso, _numbers = NumberFormat.Plain.Sample;

    public IReadOnlyList<ImportMapNote> Notes => [.. _notes.Order()];

    public string Write()
    {
        Line(0, $"# Suggested from the header and {sample.Rows.Count} rows. Look it through, try it, then import.");
        Line(0, $"source: {Quoted(source)}");
        File();
        Defaults();
        Line(0, "records:");
        Owner();
        if (columns.Kind != "customer")
            Others();
        Main();
        return _yaml.ToString();
    }

    private void File()
    {
        var format = sample.Format;
        List<string> keys = [];
        if (format.Delimiter != ",")
            keys.Add("delimiter: " + format.Delimiter switch { ";" => "semicolon", "\t" => "tab", "|" => "pipe", _ => "blanks" });
        if (format.Encoding != "utf-8")
            keys.Add("encoding: " + format.Encoding);
        if (format.Encoding is "gb18030" or "windows-1252")
            _notes.Add(ImportMapNote.EncodingGuessed);
        if (format.Delimiter is null)
            keys.Add("quote: none");
        if (!format.HasHeader)
            keys.Add("header: false");
        if (format.SkipLines > 0)
            keys.Add($"skipLines: {format.SkipLines}");
        if (keys.Count > 0)
            Line(0, $"file: {{{string.Join(", ", keys)}}}");
    }

    private void Defaults()
    {
        List<string> keys = [];
        var moments = Typed(FieldKind.Moment, FieldKind.Day).Select(c => columns.Traits[c]).Where(t => t.Count > 0).ToList();
        if (moments.Count > 0 && (_dates = Most(moments, t => t.IsEpoch ? [DateFormats.EpochMilliseconds] : t.Dates)) != DateFormats.Iso)
            keys.Add($"dates: {Quoted(_dates)}");
        if (moments.Exists(t => t.Dates.Contains("M/d/yyyy") && t.Dates.Contains("d/M/yyyy")) && !moments.Exists(t => t.Dates.Count == 1
            && t.Dates[0] == _dates))
            _notes.Add(ImportMapNote.DayMonthUnclear);
        var numbers = Typed(FieldKind.Number, FieldKind.Percent, FieldKind.Integer).Select(c => columns.Traits[c]).Where(t => t.Count > 0).ToList();
        if (numbers.Count > 0 && (_numbers = Most(numbers, t => t.Numbers)) != NumberFormat.Plain.Sample)
            keys.Add($"numbers: {Quoted(_numbers)}");
        if (numbers.Exists(t => t.Distinct.Any(v => v.AsSpan().ContainsAny(".,"))) && numbers.TrueForAll(t => t.Numbers.Contains("1.234,56")
            && t.Numbers.Contains("1,234.56")))
            _notes.Add(ImportMapNote.NumbersUnclear);
        if (CurrencyOfMoney() is { } code)
            keys.Add($"currency: {code}");
        if (keys.Count > 0)
            Line(0, $"defaults: {{{string.Join(", ", keys)}}}");
    }

    /// <summary>The currency of amounts that stand in no column: of a header, of the signs beside the amounts, or as the caller says.</summary>
    private string? CurrencyOfMoney()
    {
        var money = Money.Select(target => columns[target]).OfType<int>().ToList();
        if (money.Count == 0 || columns[columns.Kind + ".currency"] is not null)
            return null;
        var code = money.Select(c => HeaderWords.CurrencyOf(sample.Header[c]) ?? columns.Traits[c].CurrencySign).FirstOrDefault(c => c is not null);
        if (code is null)
            _notes.Add(ImportMapNote.CurrencyMissing);
        return code ?? currency;
    }

    /// <summary>The pattern that most columns fit; of those the likeliest.</summary>
    private static string Most(List<ValueTraits> all, Func<ValueTraits, IReadOnlyList<string>> fits) =>
        all.SelectMany(fits).Distinct().MaxBy(p => all.Count(t => fits(t).Contains(p))) ?? all.SelectMany(fits).FirstOrDefault() ?? DateFormats.Iso;

    private IEnumerable<int> Typed(params FieldKind[] kinds) =>
        ColumnAssignment.Targets.Where(t => columns[t] is not null && kinds.Contains(ColumnAssignment.TypeOf(t).Kind)).Select(t => columns[t]!.Value);

    private void Owner()
    {
        if (columns.Kind == "teamMember" || (columns["teamMember.key"] ?? columns["teamMember.name"]) is not { } key)
            return;
        Line(1, "- teamMember:");
        Line(3, $"key: {Column(key)}");
        Line(3, $"name: {Column(columns["teamMember.name"] ?? key)}");
    }

    /// <summary>Whom the rows belong to and what they speak of, where they are no list of those.</summary>
    private void Others()
    {
        if (columns["campaignSpend.campaign"] is { } campaign)
        {
            Line(1, "- campaign:");
            Line(3, $"key: {Column(campaign)}");
            Line(3, $"name: {Column(campaign)}");
        }

        if (columns.HasAny("customer."))
        {
            Line(1, "- customer:");
            if (columns["customer.name"] is null && columns["customer.email"] is null)
                Line(3, "mode: fill");
            Customer(owner: false);
        }
        else if (columns.Kind is "order" or "opportunity" or "ticket" or "surveyResponse" or "interaction" or "contract")
            _notes.Add(ImportMapNote.CustomerMissing);
        if (columns.Kind == "product" || Product is not { } product)
            return;
        Line(1, "- product:");
        Line(3, $"key: {Column(product)}");
        Fields("product", except: ["key"]);
    }

    private void Customer(bool owner)
    {
        var name = columns["customer.name"];
        var key = columns["customer.key"] ?? columns["customer.email"] ?? columns["customer.phone"] ?? name;
        if (columns["customer.key"] is null)
            _notes.Add(ImportMapNote.CustomerByName);
        var (first, last) = (columns[SuggestionRules.FirstName], columns[SuggestionRules.LastName]);
        var parts = first is { } f && last is { } l ? $"join(' ', {InExpression(f)}, {InExpression(l)})" : (first ?? last) is { } one
            ? InExpression(one) : null;
        Line(3, key is { } k ? $"key: {Column(k)}" : parts is null ? "key: 1" : $"key: {Quoted("= " + parts)}");
        if (name is { } whole)
            Line(3, $"name: {Column(whole)}");
        else if (parts is not null)
            Line(3, $"name: {Quoted("= " + parts)}");
        Fields("customer", except: ["key", "name"]);
        if (owner && (columns["teamMember.key"] ?? columns["teamMember.name"]) is { } member)
            Line(3, $"owner: {Column(member)}");
        if (owner)
            Attributes();
    }

    private void Main()
    {
        var kind = columns.Kind;
        Line(1, $"- {kind}:");
        if (kind == "customer")
        {
            Customer(owner: true);
            return;
        }

        if (columns[kind + ".key"] is { } key)
            Line(3, $"key: {Column(key)}");
        else if (Imports.Records.RecordSchemas.All[kind] is { Key.IsRequired: true } && (columns[kind + ".name"] is { } name))
            Line(3, $"key: {Column(name)}");
        Fields(kind, except: ["key"]);
        if (kind is "order" or "opportunity" or "interaction" or "ticket" && (columns["teamMember.key"] ?? columns["teamMember.name"]) is { } member)
            Line(3, $"{(kind == "ticket" ? "agent" : "owner")}: {Column(member)}");
        if (Moments.TryGetValue(kind, out var moment) && columns[moment] is null)
            _notes.Add(ImportMapNote.MomentMissing);
        Special(kind);
        Attributes();
    }

    private static readonly Dictionary<string, string> Moments = new()
    {
        ["order"] = "order.orderedAt", ["opportunity"] = "opportunity.openedAt", ["ticket"] = "ticket.openedAt",
        ["surveyResponse"] = "surveyResponse.answeredAt",
        ["interaction"] = "interaction.occurredAt", ["contract"] = "contract.startDay",
    };

    private void Special(string kind)
    {
        if (kind == "order" && IsByLine)
            OrderLines();
        if (kind == "opportunity" && Product is { } product)
            Line(3, $"product: {Column(product)}");
        if (kind == "opportunity" && columns["opportunity.status"] is null && columns["opportunity.stage"] is { } stage)
            StatusOf(stage);
        if (kind == "surveyResponse" && columns["surveyResponse.kind"] is null && columns["surveyResponse.score"] is { } score)
        {
            var isNps = columns.HasWord(score, "nps") || columns.Traits[score].Distinct.Any(v => v is "0" or "6" or "8" or "9");
            Line(3, $"kind: {{const: {(isNps ? "nps" : "csat")}}}");
        }

        if (kind == "order" && !IsByLine && columns["order.amount"] is null)
            _notes.Add(ImportMapNote.CurrencyMissing);
    }

    /// <summary>The column that products are known by.</summary>
    private int? Product => columns["product.key"] ?? columns["product.name"];

    private bool IsByLine => columns.HasAny("order.line.") || Product is not null;

    private void OrderLines()
    {
        Line(3, "line:");
        if (Product is { } product)
            Line(4, $"product: {Column(product)}");
        foreach (var field in OrderLine.Where(f => f != "amount"))
            if (columns["order.line." + field] is { } column)
                Line(4, $"{field}: {Value("order.line." + field, column)}");
        // A line takes its price or its amount; the amount of the row is that of the line.
        if (columns["order.line.unitPrice"] is null && (columns["order.line.amount"] ?? columns["order.amount"]) is { } amount)
            Line(4, $"amount: {Value("order.line.amount", amount)}");
    }

    /// <summary>Which stages are won and lost is told by their names.</summary>
    private void StatusOf(int stage)
    {
        var ends = columns.Traits[stage].Distinct.Select(text => (text, end: ChoiceWords.EndOf(text))).Where(s => s.end is not null).ToList();
        if (ends.Count == 0)
            return;
        Line(3, $"status: {{column: {Column(stage)}, values: {{{string.Join(", ", ends.Select(s => $"{Quoted(s.text)}: {s.end}"))}}}, otherwise: OPEN}}");
        if (columns["opportunity.expectedCloseDay"] is { } close && columns["opportunity.closedAt"] is null)
        {
            var closed = string.Join(", ", ends.Select(s => $"'{s.text.Replace("'", "''", StringComparison.Ordinal)}'"));
            Line(3, $"closedAt: {Quoted($"= if({InExpression(stage)} in ({closed}), {InExpression(close)}, empty)")}");
        }
    }

    private void Fields(string kind, string[] except)
    {
        foreach (var field in Imports.Records.RecordSchemas.All[kind].Fields)
        {
            var target = $"{kind}.{field.Name}";
            if (except.Contains(field.Name) || columns[target] is not { } column || (target == "order.amount" && IsByLine))
                continue;
            Line(3, $"{field.Name}: {Value(target, column)}");
        }
    }

    /// <summary>The column, with what its values need to be read.</summary>
    private string Value(string target, int column)
    {
        var (type, traits) = (ColumnAssignment.TypeOf(target), columns.Traits[column]);
        if (traits.Count == 0)
            return Column(column);
        if (type.Kind == FieldKind.Choice)
            return Choice(target, column);
        if (type.Kind is FieldKind.Moment or FieldKind.Day && !(traits.IsEpoch ? _dates == DateFormats.EpochMilliseconds : traits.Dates.Contains(_dates)))
            return $"{{column: {Column(column)}, format: {Quoted(traits.IsEpoch ? DateFormats.EpochMilliseconds : traits.Dates[0])}}}";
        if (type.Kind is FieldKind.Number or FieldKind.Percent or FieldKind.Integer && !traits.Numbers.Contains(_numbers))
            return $"{{column: {Column(column)}, format: {Quoted(traits.Numbers[0])}}}";
        return Column(column);
    }

    private string Choice(string target, int column)
    {
        var type = ColumnAssignment.TypeOf(target);
        List<string> values = [];
        var isUnknown = false;
        foreach (var text in columns.Traits[column].Distinct.Where(text => !ChoiceWords.Reads(type, text)))
        {
            if (ChoiceWords.Of(target, text) is { } choice)
                values.Add($"{Quoted(text)}: {choice}");
            else
                isUnknown = true;
        }
        if (isUnknown)
            _notes.Add(ImportMapNote.ChoicesUnknown);
        return values.Count == 0 && !isUnknown
            ? Column(column)
            : $"{{column: {Column(column)}{(values.Count > 0 ? $", values: {{{string.Join(", ", values)}}}" : "")}{(isUnknown ? ", invalid: empty" : "")}}}";
    }

    private void Attributes()
    {
        if (columns.HasAttributes && columns.Attributes.Count > 0)
            Line(3, $"attributes: [{string.Join(", ", columns.Attributes.Select(Column))}]");
    }

    /// <summary>By its header where that is a name; by its place else.</summary>
    private string Column(int column) => IsNamed(column) ? Quoted(sample.Header[column]) : $"{column + 1}";

    private string InExpression(int column) => IsNamed(column) && !sample.Header[column].AsSpan().ContainsAny("[]") ? $"[{sample.Header[column]}]"
        : $"${column + 1}";

    private bool IsNamed(int column) => sample.Format.HasHeader && sample.Header[column].Length > 0 && sample.Header[column][0] != '='
        && !sample.Header[column].Any(char.IsControl) && sample.Header.Count(h => string.Equals(h, sample.Header[column],
            StringComparison.OrdinalIgnoreCase)) == 1;

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private void Line(int indent, string text) => _yaml.Append(' ', indent * 2).Append(text).Append('\n');
}
