using System.Globalization;
using System.Text;
using CrmGraph.Data.Model;
using CrmGraph.Reporting.Imports.Reading;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>Reads and checks a map. Every mistake is collected with its line; there is a map only when there is none.</summary>
internal sealed class MapParser
{
    private static readonly Dictionary<string, WriteMode> Modes = new(StringComparer.Ordinal)
    {
        ["upsert"] = WriteMode.Upsert, ["keep"] = WriteMode.KeepExisting, ["fill"] = WriteMode.FillMissing, ["update"] = WriteMode.UpdateOnly,
    };

    private static readonly string[] DelimiterNames = ["tab", "comma", "semicolon", "pipe", "blanks"];
    private static readonly Dictionary<string, bool> MissingColumns = new(StringComparer.Ordinal) { ["error"] = false, ["empty"] = true };
    private static readonly Dictionary<string, bool> RaggedRows = new(StringComparer.Ordinal) { ["refuse"] = false, ["pad"] = true };
    private static readonly Dictionary<string, bool> InvalidCharacters = new(StringComparer.Ordinal) { ["refuse"] = false, ["keep"] = true };
    private static readonly Dictionary<string, bool> Formulas = new(StringComparer.Ordinal) { ["plain"] = false, ["guarded"] = true };
    private static readonly Dictionary<string, QuoteEscape> Escapes = new(StringComparer.Ordinal)
    {
        ["doubled"] = QuoteEscape.Doubled, ["backslash"] = QuoteEscape.Backslash,
    };

    private readonly string _name;
    private readonly ImportLimits _limits;
    private readonly MapErrors _errors;
    private readonly ColumnRegister _columns = new();
    private readonly FieldParser _fields;
    private readonly HashSet<string> _routes = new(StringComparer.Ordinal);

    public MapParser(string name, ImportLimits limits)
    {
        (_name, _limits, _errors) = (name, limits, new MapErrors(limits.MapErrors));
        _fields = new FieldParser(_errors, limits, _columns);
    }

    public ImportMap Parse(string yaml)
    {
        if (Encoding.UTF8.GetByteCount(yaml) > _limits.MapBytes)
            throw new ImportException(ImportErrorCodes.MapInvalid, $"{_name}: a map has at most {_limits.MapBytes} bytes.");
        var node = MapNodeReader.Read(yaml, _errors, _limits);
        if (node is not null and not MappingNode)
            _errors.Add(node, "a map begins with keys such as 'source:' and 'records:'");
        var map = node is MappingNode mapping ? ReadMap(new MappingReader(mapping, _errors)) : null;
        return map is not null && !_errors.Any ? map : throw _errors.ToException(_name);
    }

    private ImportMap ReadMap(MappingReader map)
    {
        var source = map.Text("source");
        if (string.IsNullOrWhiteSpace(source))
            _errors.Add(map.Node, "'source' is missing: the name of the system that the ids in the file belong to, for example 'source: shop'");
        _fields.Source = source ?? "";
        var description = map.Text("description");
        var marks = ReadMarks(map.Items("knownBy"));
        var file = ReadFile(map.Mapping("file"));
        ReadDefaults(map.Mapping("defaults"));
        foreach (var (name, value) in map.Mapping("columns")?.Node.Entries ?? [])
            ReadDerivedColumn(name, value);
        var selection = ReadSelection(map.Mapping("rows"));
        var rules = map.Items("rules").Select(ReadRule).OfType<RowRule>().ToList();
        if (!map.Has("records"))
            _errors.Add(map.Node, "'records' is missing: the list of what a row becomes");
        var records = ReadRecords(map.Items("records"));
        map.Finish("a map");
        var content = new MapContent(file, _fields.Numbers, _fields.Dates, _columns.Finish(file.AllowsMissingColumns), rules, records)
        {
            Lookups = _fields.Lookups,
            Rows = selection,
            Marks = marks,
        };
        return new ImportMap(_name, source ?? "", description, content);
    }

    private List<IReadOnlyList<string>> ReadMarks(IReadOnlyList<MapNode> items)
    {
        var marks = new List<IReadOnlyList<string>>();
        foreach (var item in items)
            if (item is SequenceNode { Items: { Count: > 0 } names } && names.All(name => name is ScalarNode { Text.Length: > 0 }))
                marks.Add([.. names.Cast<ScalarNode>().Select(name => name.Text)]);
            else
                _errors.Add(item, "'knownBy' is a list of lists of headers: a file that has all of one list is known by them");
        return marks;
    }

    private FileFormat ReadFile(MappingReader? file)
    {
        if (file is null)
            return new FileFormat();
        var format = new FileFormat
        {
            Delimiter = ReadDelimiter(file),
            Quote = ReadQuote(file),
            Escape = file.Choice("escape", Escapes) ?? QuoteEscape.Doubled,
            Encoding = ReadEncoding(file),
            KeepInvalidCharacters = file.Choice("invalidCharacters", InvalidCharacters) ?? false,
            HasHeader = file.Flag("header") ?? true,
            SkipLines = file.Count("skipLines", 1_000_000) ?? 0,
            Comment = file.Text("comment"),
            PadsRaggedRows = file.Choice("raggedRows", RaggedRows) ?? false,
            Trims = file.Flag("trim") ?? true,
            EmptyTexts = [.. file.Texts("empty").Select(text => text.Text)],
            IsGuarded = file.Choice("formulas", Formulas) ?? false,
            AllowsMissingColumns = file.Choice("missingColumns", MissingColumns) ?? false,
        };
        if (format.Comment is "")
            _errors.Add(file.Find("comment")!, "'comment' is the text with which lines that are no rows begin, for example '#'");
        file.Finish("'file'");
        return format;
    }

    private string? ReadDelimiter(MappingReader file)
    {
        var text = file.Text("delimiter") ?? ",";
        if (DelimiterNames.Contains(text))
            return text switch { "tab" => "\t", "comma" => ",", "semicolon" => ";", "pipe" => "|", _ => null };
        if (text.Length is 0 or > 8 || text.AsSpan().ContainsAny("\r\n\0\""))
            _errors.Add(file.Find("delimiter")!, "'delimiter' is 1 to 8 characters, or one of tab, comma, semicolon, pipe, blanks (runs of blanks and tabs)");
        return text.Length == 0 ? "," : text == "\\t" ? "\t" : text;
    }

    private char? ReadQuote(MappingReader file)
    {
        var text = file.Text("quote") ?? "\"";
        if (text != "none" && text.Length != 1)
            _errors.Add(file.Find("quote")!, "'quote' is one character, or none");
        return text == "none" || text.Length != 1 ? null : text[0];
    }

    private string ReadEncoding(MappingReader file)
    {
        var name = file.Text("encoding") ?? "utf-8";
        if (SourceText.FindEncoding(name) is null)
            _errors.Add(file.Find("encoding")!, $"the encoding '{name}' is unknown; examples: utf-8, utf-16, gb18030, gbk, big5, windows-1252, iso-8859-1");
        return name;
    }

    private void ReadDefaults(MappingReader? defaults)
    {
        if (defaults is null)
            return;
        _fields.ReadFormats(defaults, "numbers", "dates");
        _fields.ClearTexts = [.. defaults.Texts("clear").Select(text => text.Text)];
        _fields.Currency = defaults.Text("currency");
        if (_fields.Currency is { } currency && CurrencyCodes.Find(currency) is null)
            _errors.Add(defaults.Find("currency")!, $"'{currency}' is not a currency; give a code of ISO 4217 such as EUR or CNY");
        defaults.Finish("'defaults'");
    }

    private void ReadDerivedColumn(ScalarNode name, MapNode value)
    {
        if (_columns.IsDerived(name.Text))
            _errors.Add(name, $"the column '{name.Text}' is made twice");
        else if (_fields.ReadColumn($"columns.{name.Text}", value, FieldType.Text) is { } source)
            _columns.AddDerived(name.Text, source);
    }

    private RowSelection ReadSelection(MappingReader? rows)
    {
        var isDistinct = rows?.Flag("distinct") ?? false;
        var last = rows?.Mapping("last");
        rows?.Finish("'rows'");
        if (last is null)
            return new RowSelection(isDistinct, null, null);
        var key = last.Find("key") is { } keyNode ? _fields.ReadColumn("rows.last.key", keyNode, FieldType.Text, isRequired: true) : null;
        var by = last.Find("by") is { } byNode ? _fields.ReadColumn("rows.last.by", byNode, FieldType.Moment, isRequired: true) : null;
        if (!last.Has("key") || !last.Has("by"))
            _errors.Add(last.Node, "'last' needs 'key', what the rows have in common, and 'by', the moment (or another 'type') by which one is the last");
        last.Finish("'last'");
        return new RowSelection(isDistinct, key, by);
    }

    private RowRule? ReadRule(MapNode node)
    {
        if (node is not MappingNode mapping)
        {
            _errors.Add(node, "a rule is written '- reject: name' with 'when: condition' below");
            return null;
        }
        var rule = new MappingReader(mapping, _errors);
        var kinds = new[] { ("reject", RuleAction.Reject), ("skip", RuleAction.Skip), ("route", RuleAction.Route) };
        var given = kinds.Where(kind => rule.Has(kind.Item1)).ToList();
        var message = rule.Text("message");
        var when = rule.Find("when") is { } condition ? _fields.ReadExpression(condition) : null;
        rule.Finish("a rule");
        if (given.Count != 1 || rule.Text(given[0].Item1) is not { Length: > 0 } name)
        {
            _errors.Add(node, "a rule has one of reject, skip and route, with the rule's name: '- reject: price-zero'");
            return null;
        }
        if (!rule.Has("when"))
            _errors.Add(node, "a rule needs 'when', the condition under which it holds");
        if (given[0].Item2 == RuleAction.Route)
            _routes.Add(name);
        return when is null ? null : new RowRule(given[0].Item2, name, when, message);
    }

    private List<RecordPlan> ReadRecords(IReadOnlyList<MapNode> items)
    {
        var nodes = new List<(RecordSchema Schema, MappingReader Reader, string Label)>();
        foreach (var item in items)
        {
            if (item is not MappingNode { Entries: [var entry] })
                _errors.Add(item, "a record is written '- customer:' with its fields below, indented by two more blanks than the dash's text");
            else if (RecordSchemas.Find(entry.Key.Text) is not { } schema)
                _errors.Add(entry.Key, $"there is no record '{entry.Key.Text}'{Suggestion.For(entry.Key.Text, RecordSchemas.All.Keys)}; "
                    + $"there are {string.Join(", ", RecordSchemas.All.Keys)}");
            else if (entry.Value is not MappingNode fields)
                _errors.Add(entry.Value, $"'{entry.Key.Text}' takes fields, not {entry.Value.Describe()}");
            else
                nodes.Add((schema, new MappingReader(fields, _errors), Labelled(schema.Name, nodes.Count(node => node.Schema == schema))));
        }
        if (items.Count == 0)
            _errors.Add(1, 1, "a map makes at least one record");
        var plans = nodes.Select(node => ReadRecord(node.Schema, node.Reader, node.Label)).ToList();
        return WithTheOneCustomer(plans);
    }

    private static string Labelled(string name, int before) => before == 0 ? name : name + (before + 1).ToString(CultureInfo.InvariantCulture);

    /// <param name="whole">The record that a line or a stage belongs to.</param>
    private RecordPlan ReadRecord(RecordSchema schema, MappingReader record, string label, WriteMode? whole = null)
    {
        var mode = whole ?? record.Choice("mode", Modes) ?? WriteMode.Upsert;
        var fields = new FieldSource?[schema.Fields.Count];
        foreach (var field in schema.Fields)
        {
            if (record.Find(field.Name) is { } node)
                fields[field.Index] = _fields.Read(field, label, node, schema.IsFact);
            else if (field.Name == "currency" && _fields.Currency is { } currency && !field.IsRequired)
                fields[field.Index] = _fields.Constant(field, label, currency);
            else if (field.IsRequired)
                _errors.Add(record.Node, $"'{label}' needs '{field.Name}'");
        }
        var part = schema.Part is { } partSchema && record.Mapping(partSchema.Name) is { } partNode
            ? ReadRecord(partSchema, partNode, label + "." + partSchema.Name, mode)
            : null;
        var plan = new RecordPlan
        {
            Label = label,
            Schema = schema,
            Fields = fields,
            Attributes = schema.HasAttributes ? ReadAttributes(record, label) : [],
            TakesOtherColumns = schema.HasAttributes && (record.Flag("allOtherColumns") ?? false),
            ExceptColumns = schema.HasAttributes ? [.. record.Texts("exceptColumns").Select(text => text.Text)] : [],
            OtherKeys = schema.Key is null ? [] : ReadOtherKeys(record, label),
            When = record.Find("when") is { } when ? _fields.ReadExpression(when) : null,
            Routes = ReadRoutes(record),
            Mode = mode,
            Part = part,
        };
        CheckRecord(plan, record);
        record.Finish($"'{label}'");
        return plan;
    }

    private void CheckRecord(RecordPlan plan, MappingReader record)
    {
        // A fact is known by its outside id, or by its content, to which its moment belongs.
        var moment = plan.Schema.Fields.FirstOrDefault(field => field.Name is "orderedAt" or "occurredAt" or "openedAt" or "answeredAt" or "startDay");
        if (moment is not null && !plan.HasKey && plan.Fields[moment.Index] is null)
            _errors.Add(record.Node, $"'{plan.Label}' needs 'key' (the id in the file), '{moment.Name}', or both");
        foreach (var contradiction in plan.Schema.Contradictions(plan))
            _errors.Add(record.Node, $"'{plan.Label}' {contradiction}");
        if (plan.OtherKeys.Any(key => key.Source is null))
            _errors.Add(record.Node, $"each of 'otherKeys' needs a 'source' of its own, different from the map's");
    }

    private List<KeyValuePair<string, FieldSource>> ReadAttributes(MappingReader record, string label)
    {
        switch (record.Find("attributes"))
        {
            case null:
                return [];
            case SequenceNode sequence:
                return [.. sequence.Items.Select(item => Attribute(label, item.Describe().Trim('\''), item)).OfType<KeyValuePair<string, FieldSource>>()];
            case MappingNode mapping:
                return [.. mapping.Entries.Select(entry => Attribute(label, entry.Key.Text, entry.Value)).OfType<KeyValuePair<string, FieldSource>>()];
            case var other:
                _errors.Add(other, "'attributes' takes a list of columns, or names with their columns");
                return [];
        }
    }

    private KeyValuePair<string, FieldSource>? Attribute(string label, string name, MapNode node) =>
        _fields.ReadText($"{label}.attributes.{name}", node) is { } source ? new(name, source) : null;

    private List<FieldSource> ReadOtherKeys(MappingReader record, string label) =>
        [.. record.Items("otherKeys").Select(item => _fields.ReadText(label + ".otherKeys", item, FieldRole.Key)).OfType<FieldSource>()];

    private List<string> ReadRoutes(MappingReader record)
    {
        var routes = record.Texts("route");
        foreach (var route in routes.Where(route => route.Text != RowRouting.Main && !_routes.Contains(route.Text)))
            _errors.Add(route, $"no rule routes rows to '{route.Text}'{Suggestion.For(route.Text, _routes.Append(RowRouting.Main))}");
        return [.. routes.Select(route => route.Text)];
    }

    /// <summary>Facts of a map with one customer record belong to that customer, unless they say otherwise.</summary>
    private static List<RecordPlan> WithTheOneCustomer(List<RecordPlan> plans)
    {
        if (plans.Where(plan => plan.Schema.Name == "customer").ToList() is not [{ Schema.Key: { } key } customer]
            || customer.Fields[key.Index] is not { } source)
            return plans;
        for (var i = 0; i < plans.Count; i++)
        {
            if (plans[i].Schema.Customer is not { } reference || plans[i].Fields[reference.Index] is not null)
                continue;
            var fields = plans[i].Fields.ToArray();
            fields[reference.Index] = source with { Label = $"{plans[i].Label}.customer", IsRequired = false };
            plans[i] = plans[i] with { Fields = fields };
        }
        return plans;
    }
}

/// <summary>The route of rows that no rule routes elsewhere.</summary>
internal static class RowRouting
{
    public const string Main = "main";
}
