using System.Globalization;
using System.Text.RegularExpressions;
using CrmGraph.Reporting.Imports.Expressions;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Imports.Values;
using CrmGraph.Reporting.Ingest.Fields;

namespace CrmGraph.Reporting.Imports.Maps;

/// <summary>Reads what a map says about one field.</summary>
internal sealed class FieldParser(MapErrors errors, ImportLimits limits, ColumnRegister columns)
{
    private static readonly Dictionary<string, FieldType> Types = new(StringComparer.Ordinal)
    {
        ["text"] = FieldType.Text, ["number"] = FieldType.Number, ["day"] = FieldType.Day, ["moment"] = FieldType.Moment, ["flag"] = FieldType.Flag,
    };

    private static readonly string[] Origins = ["column", "expr", "const"];
    private static readonly Dictionary<string, LetterCase> Cases = new(StringComparer.Ordinal) { ["upper"] = LetterCase.Upper, ["lower"] = LetterCase.Lower };
    private static readonly Dictionary<string, bool> OnInvalid = new(StringComparer.Ordinal) { ["refuse"] = false, ["empty"] = true };

    /// <summary>The field that is read.</summary>
    /// <param name="IsNeeded">A file without its column cannot be imported.</param>
    /// <param name="IsRequired">A row without a value is refused, unless the map says otherwise.</param>
    private sealed record Target(string Label, FieldType Type, FieldRole Role, bool IsNeeded, bool IsRequired)
    {
        public IReadOnlyList<string> FurtherKeys { get; init; } = [];
        /// <summary>What is stored may become empty.</summary>
        public bool IsClearable { get; init; }
    }

    private readonly LookupParser _lookups = new(errors);

    public IReadOnlyList<LookupDefinition> Lookups => _lookups.Lookups;

    /// <summary>The formats of the map's defaults.</summary>
    public NumberFormat Numbers { get; private set; } = NumberFormat.Plain;
    public DateFormats Dates { get; private set; } = DateFormats.Default;
    public string? Currency { get; set; }
    /// <summary>The system that the map's ids belong to.</summary>
    public string Source { get; set; } = "";
    /// <summary>Texts that empty every field that may be empty.</summary>
    public IReadOnlyList<string> ClearTexts { get; set; } = [];

    public void ReadFormats(MappingReader reader, string numbersKey, string datesKey)
    {
        Numbers = ReadNumbers(reader, numbersKey);
        Dates = ReadDates(reader, datesKey);
    }

    /// <param name="isFact">A fact whose map names a key needs one in every row; other rows without a key just make no such record.</param>
    public FieldSource? Read(FieldDefinition field, string record, MapNode node, bool isFact) => Read(
        node, new Target(
            $"{record}.{field.Name}",
            field.Type,
            field.Role,
            field.IsRequired || field.Role == FieldRole.Key,
            field.Role == FieldRole.Key ? isFact : field.IsRequired)
        { IsClearable = field.IsClearable });

    public FieldSource? ReadText(string label, MapNode node, FieldRole role = FieldRole.Plain) =>
        Read(node, new Target(label, FieldType.Text, role, false, false) { IsClearable = role == FieldRole.Plain });

    /// <summary>A derived column; 'type' says what it is read as.</summary>
    /// <param name="isRequired">A row without a value is refused.</param>
    public FieldSource? ReadColumn(string label, MapNode node, FieldType otherwise, bool isRequired = false)
    {
        var type = node is MappingNode mapping ? new MappingReader(mapping, errors).ChoiceName("type", Types.Keys) : null;
        return Read(node, new Target(label, type is null ? otherwise : Types[type], FieldRole.Plain, isRequired, isRequired) { FurtherKeys = ["type"] });
    }

    public FieldSource Constant(FieldDefinition field, string record, string text) => new()
    {
        Label = $"{record}.{field.Name}", Type = field.Type, Origin = new Constant(Value.Of(text)), Numbers = Numbers, Dates = Dates,
    };

    public Expression? ReadExpression(MapNode node)
    {
        if (node is not ScalarNode scalar)
        {
            errors.Add(node, $"an expression is a text, not {node.Describe()}");
            return null;
        }
        try
        {
            return new ExpressionParser(
                scalar.Text,
                limits,
                name => columns.ByName([name], isOptional: false, isNeeded: false),
                position => columns.ByPosition(position, isOptional: false, isNeeded: false)).Parse();
        }
        catch (ExpressionException exception)
        {
            errors.Add(node, $"the expression '{scalar.Text}' is wrong at its character {exception.Column}: {exception.Message}");
            return null;
        }
    }

    private FieldSource? Read(MapNode node, Target target)
    {
        switch (node)
        {
            case ScalarNode scalar:
                return Short(scalar, target.IsNeeded) is not { } origin ? null : new FieldSource
                {
                    Label = target.Label, Type = target.Type, Origin = origin, IsRequired = target.IsRequired, Numbers = Numbers, Dates = Dates,
                    ClearTexts = target.IsClearable ? ClearTexts : [],
                };
            case MappingNode mapping:
                return Long(new MappingReader(mapping, errors), target);
            default:
                errors.Add(node, $"'{target.Label}' takes the name of a column, '= expression', or keys such as column, expr and const, not {node.Describe()}");
                return null;
        }
    }

    /// <summary>The short forms: a column's name, its position, or an expression behind =.</summary>
    private Expression? Short(ScalarNode scalar, bool isNeeded)
    {
        if (scalar.Text.StartsWith('='))
            return ReadExpression(scalar with { Text = scalar.Text[1..] });
        return Column([scalar], isOptional: false, isNeeded);
    }

    private ColumnValue? Column(IReadOnlyList<ScalarNode> names, bool isOptional, bool isNeeded)
    {
        if (names.Count == 1 && !names[0].IsQuoted && int.TryParse(names[0].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            if (position is > 0 and < 100_000)
                return new ColumnValue(columns.ByPosition(position, isOptional, isNeeded), "$" + names[0].Text);
            errors.Add(names[0], "columns are counted from 1");
            return null;
        }
        if (names.Count == 0 || names.Any(name => name.Text.Trim().Length == 0))
        {
            errors.Add(names.Count > 0 ? names[0] : new ScalarNode(1, 1, "", false), "the name of a column is missing");
            return null;
        }
        var texts = names.Select(name => name.Text.Trim()).ToList();
        return new ColumnValue(columns.ByName(texts, isOptional, isNeeded), texts[0]);
    }

    private FieldSource? Long(MappingReader field, Target target)
    {
        var (label, type) = (target.Label, target.Type);
        var origin = ReadOrigin(label, field, target.IsNeeded);
        var source = new FieldSource
        {
            Label = label,
            Type = type,
            Origin = origin ?? new Constant(Value.Empty),
            IsRequired = field.Flag("required") ?? target.IsRequired,
            IgnoresInvalid = field.Choice("invalid", OnInvalid) ?? false,
            Replacements = ReadReplacements(field),
            Case = field.Choice("case", Cases) ?? LetterCase.Keep,
            ValueTable = ReadValues(field),
            HasOtherwise = field.Has("otherwise"),
            Otherwise = field.Text("otherwise"),
            Lookup = _lookups.Read(field, Source, Currency),
            Default = field.Text("default"),
            Separators = field.Has("split") ? [.. field.Texts("split").Select(text => text.Text).Where(text => text.Length > 0)] : ListText.UsualSeparators,
            Numbers = IsNumeric(type) ? ReadNumbers(field, "format") : Numbers,
            Dates = type.Kind is FieldKind.Moment or FieldKind.Day ? ReadDates(field, "format") : Dates,
            Source = field.Text("source"),
            ClearTexts = !target.IsClearable ? [] : field.Has("clear") ? [.. field.Texts("clear").Select(text => text.Text)] : ClearTexts,
        };
        Check(label, field, source, target.Role);
        if (!target.IsClearable && field.Find("clear") is { } clear)
            errors.Add(clear, $"'{label}' cannot be empty, so nothing clears it");
        CheckTexts(field, source);
        field.Finish($"'{label}'", target.FurtherKeys);
        return origin is null ? null : source;
    }

    private void Check(string label, MappingReader field, FieldSource source, FieldRole role)
    {
        if (source.Source is not null && role == FieldRole.Plain)
            errors.Add(field.Find("source")!, $"'source' belongs to keys and references; '{label}' is neither");
        if (field.Has("split") && source.Type.Kind != FieldKind.List)
            errors.Add(field.Find("split")!, $"'split' belongs to lists; '{label}' takes one value");
        if (field.Has("format") && !IsNumeric(source.Type) && source.Type.Kind is not (FieldKind.Moment or FieldKind.Day))
            errors.Add(field.Find("format")!, $"'format' belongs to dates and numbers; '{label}' is a {source.Type.Kind.ToString().ToLowerInvariant()}");
        if (source.HasOtherwise && source.ValueTable is null)
            errors.Add(field.Find("otherwise")!, "'otherwise' is what becomes of texts that are not in 'values', and there is no 'values'");
    }

    /// <summary>What the map itself says is read at once: a row could only be refused for it.</summary>
    private void CheckTexts(MappingReader field, FieldSource source)
    {
        if (source.IgnoresInvalid)
            return;
        if (source is { Origin: Constant { Value: var constant }, ValueTable: null, Lookup: null, Replacements.Count: 0, Default: null } && field.Has("const")
            && constant.Kind != ValueKind.List)
            CheckText(field.Find("const")!, constant.Text, source);
        if (source.Default is { } text)
            CheckText(field.Find("default")!, text, source);
        // What stands here is then a key of the table, and not yet the field's value.
        if (source.Lookup is not null)
            return;
        if (source.Otherwise is { Length: > 0 } otherwise)
            CheckText(field.Find("otherwise")!, otherwise, source);
        foreach (var (_, value) in field.Mapping("values")?.Node.Entries ?? [])
            if (value is ScalarNode { IsNull: false, Text.Length: > 0 } scalar)
                CheckText(scalar, scalar.Text, source);
    }

    private void CheckText(MapNode node, string text, FieldSource source)
    {
        if (source.WhyUnreadable(text) is { } why)
            errors.Add(node, $"'{source.Label}': {why}");
    }

    private Expression? ReadOrigin(string label, MappingReader field, bool isNeeded)
    {
        var optional = field.Flag("optional") ?? false;
        var given = Origins.Count(field.Has);
        if (given != 1)
        {
            errors.Add(field.Node, $"'{label}' needs exactly one of column, expr and const");
            return null;
        }
        if (field.Has("column"))
            return Column(field.Texts("column"), optional, isNeeded && !optional);
        if (field.Find("expr") is { } expression)
            return ReadExpression(expression);
        return field.Find("const") is SequenceNode
            ? new Constant(Value.OfList([.. field.Texts("const").Select(text => text.Text)]))
            : new Constant(Value.Of(field.Text("const")));
    }

    private List<Replacement> ReadReplacements(MappingReader field)
    {
        var node = field.Find("replace");
        IReadOnlyList<MapNode> items = node switch { null => [], SequenceNode sequence => sequence.Items, _ => [node] };
        var replacements = new List<Replacement>();
        foreach (var item in items)
        {
            if (item is not MappingNode mapping)
            {
                errors.Add(item, "'replace' takes 'pattern' and 'with', or a list of such pairs");
                continue;
            }
            var reader = new MappingReader(mapping, errors);
            var pattern = reader.Text("pattern");
            var with = reader.Text("with") ?? "";
            reader.Finish("'replace'");
            if (pattern is null)
                errors.Add(item, "'replace' needs 'pattern', a regular expression");
            else if (Compile(item, pattern) is { } regex)
                replacements.Add(new Replacement(regex, with));
        }
        return replacements;
    }

    private Regex? Compile(MapNode node, string pattern)
    {
        try
        {
            // Linear in the text, so no time limit is needed: a limit by the clock refuses good rows on a busy machine.
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (ArgumentException exception)
        {
            errors.Add(node, $"the pattern '{pattern}' is no regular expression: {exception.Message}");
            return null;
        }
        catch (NotSupportedException)
        {
            errors.Add(node, $"the pattern '{pattern}' looks around or refers back, which cannot be done in time that grows with the text only");
            return null;
        }
    }

    private Dictionary<string, string?>? ReadValues(MappingReader field)
    {
        if (field.Mapping("values") is not { } values)
            return null;
        var table = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (text, value) in values.Node.Entries)
        {
            if (value is ScalarNode scalar)
                table[text.Text] = scalar.IsNull ? null : scalar.Text;
            else
                errors.Add(value, "'values' translates a text into a text");
        }
        return table;
    }

    private NumberFormat ReadNumbers(MappingReader reader, string key)
    {
        if (reader.Text(key) is not { } sample)
            return Numbers;
        if (NumberFormat.FromSample(sample) is { } format)
            return format;
        errors.Add(reader.Find(key)!, $"'{key}' shows how 1234.56 is written in the file: '1,234.56', '1.234,56', '1 234,56', '1234,56' or '1234.56'");
        return Numbers;
    }

    private DateFormats ReadDates(MappingReader reader, string key)
    {
        var patterns = reader.Texts(key);
        foreach (var pattern in patterns.Where(pattern => !IsDatePattern(pattern.Text)))
            errors.Add(pattern, $"'{pattern.Text}' is no date pattern; examples: iso, epoch-ms, epoch-s, excel, dd/MM/yyyy, yyyy-MM-dd HH:mm:ss (MM is the "
                + "month, mm the minute)");
        return new DateFormats(patterns.Count == 0 ? Dates.Patterns : [.. patterns.Select(pattern => pattern.Text)], ReadZone(reader), ReadCulture(reader));
    }

    private TimeZoneInfo ReadZone(MappingReader reader)
    {
        if (reader.Text("zone") is not { } name)
            return Dates.Zone;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            return zone;
        errors.Add(reader.Find("zone")!, $"the time zone '{name}' is unknown; zones have IANA names such as Europe/London and Asia/Shanghai");
        return Dates.Zone;
    }

    private CultureInfo ReadCulture(MappingReader reader)
    {
        if (reader.Text("culture") is not { } name)
            return Dates.Culture;
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            errors.Add(reader.Find("culture")!, $"the culture '{name}' is unknown; examples: en-GB, de-DE, zh-CN");
            return Dates.Culture;
        }
    }

    private static bool IsNumeric(FieldType type) => type.Kind is FieldKind.Number or FieldKind.Percent or FieldKind.Integer;

    /// <summary>A pattern must name a day: the day of the month, month and year all stand in it.</summary>
    private static bool IsDatePattern(string pattern)
    {
        if (pattern is DateFormats.Iso or DateFormats.EpochMilliseconds or DateFormats.EpochSeconds or DateFormats.Excel)
            return true;
        try
        {
            _ = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).ToString(pattern, CultureInfo.InvariantCulture);
            return pattern.Length > 1 && pattern.Contains('y', StringComparison.Ordinal) && pattern.Contains('M', StringComparison.Ordinal)
                && pattern.Contains('d', StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
