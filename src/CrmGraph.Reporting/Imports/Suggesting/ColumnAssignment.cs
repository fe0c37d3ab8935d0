using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Ingest.Fields;
using static CrmGraph.Reporting.Imports.Suggesting.SuggestionRules;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>Which column of a file becomes which field: by the caller's choice, then by the words of its header, then by its values.</summary>
internal sealed class ColumnAssignment
{
    private const int AttributesAtMost = 50;

    /// <summary>Words by which systems call what they keep for themselves.</summary>
    private static readonly string[] Technical = ["updated", "locked", "deleted"];

    /// <summary>Words that say nothing beside one that nobody knows.</summary>
    private static readonly string[] Generic = ["id", "name", "date", "kind", "title", "status", "created", "description", "comment", "amount",
        "source", "start", "end",
        "customer", "company", "contact", "product", "order", "opportunity", "ticket", "campaign", "contract", "line", "survey", "stage"];

    private readonly FileSample _sample;
    private readonly IReadOnlyList<string>[] _words;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    /// <param name="chosen">By column, from 0; an empty text leaves the column out.</param>
    public ColumnAssignment(FileSample sample, string? fileName, IReadOnlyDictionary<int, string> chosen)
    {
        _sample = sample;
        Traits = [.. Enumerable.Range(0, sample.Header.Count).Select(i => ValueTraits.Of(sample.Values(i)))];
        _words = [.. sample.Header.Select(header => sample.Format.HasHeader ? HeaderWords.Of(header) : [])];
        Reasons = new ImportColumnReason?[sample.Header.Count];
        foreach (var (column, target) in chosen)
            Choose(column, target);
        Kind = sample.Format.HasHeader || chosen.Count > 0 ? KindOf(fileName, chosen.Values) : KindByValues();
        for (var column = 0; column < _words.Length; column++)
            if (Reasons[column] is null && IsTechnical(_words[column]))
                Reasons[column] = ImportColumnReason.Technical;
        ByHeader();
        if (Kind == "customer" && (this[FirstName] ?? this[LastName]) is not null && this["customer.name"] is { } name && _words[name].Contains("company"))
        {
            // A person's company is no name of his.
            _columns.Remove("customer.name");
            Reasons[name] = null;
        }
        ByValues();
        KeepOthers();
    }

    /// <summary>What the file is a list of.</summary>
    public string Kind { get; }
    public IReadOnlyList<ValueTraits> Traits { get; }
    /// <summary>Why each column became what it did.</summary>
    public ImportColumnReason?[] Reasons { get; }
    public List<int> Attributes { get; } = [];

    /// <summary>Every field that a column may become.</summary>
    public static IReadOnlyList<string> Targets { get; } =
    [
        .. RecordSchemas.All.Values.SelectMany(schema => schema.Fields.Where(IsOwn).Select(field => $"{schema.Name}.{field.Name}")
            .Concat(schema.Name == "order" ? schema.Part!.Fields.Where(IsOwn).Select(field => $"order.line.{field.Name}") : [])),
        FirstName, LastName, "customer.attributes", "order.attributes", "ticket.attributes",
    ];

    /// <summary>The column of a field; null where none is it.</summary>
    public int? this[string target] => _columns.TryGetValue(target, out var column) ? column : null;

    public IReadOnlyList<string> TargetsOf(int column) => Attributes.Contains(column)
        ? [(HasAttributes ? Kind : "customer") + ".attributes"]
        : [.. _columns.Where(c => c.Value == column).Select(c => c.Key)];

    public bool HasAny(string prefix) => _columns.Keys.Any(target => target.StartsWith(prefix, StringComparison.Ordinal));

    public bool HasWord(int column, string word) => _words[column].Contains(word);

    public bool HasAttributes => RecordSchemas.All[Kind].HasAttributes;

    /// <summary>The type of a field; text for parts of names.</summary>
    public static FieldType TypeOf(string target)
    {
        var parts = target.Split('.');
        var schema = RecordSchemas.All[parts[0]];
        return (parts.Length == 3 ? schema.Part! : schema).Fields.FirstOrDefault(field => field.Name == parts[^1])?.Type ?? FieldType.Text;
    }

    /// <summary>References are columns of what they refer to: the customer's key is whose an order is.</summary>
    private static bool IsOwn(FieldDefinition field) => field.Role != FieldRole.Reference || field.Name is "campaign" or "order" or "manager" or "team";

    private void Choose(int column, string target)
    {
        if (column < 0 || column >= _sample.Header.Count)
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"There is no column {column + 1}; the file has {_sample.Header.Count}.");
        Reasons[column] = ImportColumnReason.Chosen;
        if (target.Length == 0)
            return;
        if (!Targets.Contains(target, StringComparer.Ordinal))
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"There is no field '{target}'{Suggestion.For(target, Targets)}; `targets` lists them.");
        if (target.EndsWith(".attributes", StringComparison.Ordinal))
            Attributes.Add(column);
        else if (!_columns.TryAdd(target, column))
            throw new GraphQLException(ErrorCodes.InvalidArgument, $"Two columns cannot both be '{target}'.");
    }

    private string KindOf(string? fileName, IEnumerable<string> chosen)
    {
        var named = HeaderWords.Of(Path.GetFileNameWithoutExtension(fileName?.Replace(".gz", "", StringComparison.OrdinalIgnoreCase)) ?? "");
        var words = _words.SelectMany(w => w).ToHashSet(StringComparer.Ordinal);
        var wanted = chosen.Where(t => t.Length > 0).Select(t => t.Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        return SuggestionRules.Kinds.MaxBy(kind => kind.Signs.Where(sign => words.Contains(sign.Key)).Sum(sign => sign.Value)
            // The first sign of a kind is its own name.
            + (named.Contains(kind.Signs.MaxBy(sign => sign.Value).Key) && kind.Signs.Keys.Any(words.Contains) ? 1.5 : 0)
            + (wanted.Contains(kind.Kind) ? kind.Kind is "customer" or "product" or "teamMember" ? 0.5 : 100 : 0)).Kind;
    }

    private void ByHeader()
    {
        var rules = SuggestionRules.Of(Kind).ToList();
        for (var rank = 0; rank < 3; rank++)
        {
            foreach (var (target, phrases) in rules)
            {
                for (var column = 0; column < _words.Length && !_columns.ContainsKey(target); column++)
                {
                    if (Reasons[column] is not null and not ImportColumnReason.Unsuitable || _words[column].Count == 0 || !phrases.Any(p =>
                        Fits(column, p, rank)))
                        continue;
                    var suits = Suits(target, column);
                    Reasons[column] = suits ? ImportColumnReason.Header : ImportColumnReason.Unsuitable;
                    if (suits)
                        _columns.Add(target, column);
                }
            }
        }
        for (var column = 0; column < _words.Length; column++)
            if (Reasons[column] is null && rules.Exists(rule => _columns.ContainsKey(rule.Target) && rule.Phrases.Any(p => Fits(column, p, 1))))
                Reasons[column] = ImportColumnReason.Taken;
    }

    /// <summary>First the same words in the same order, then in any, then with words beside them that nobody knows.</summary>
    private bool Fits(int column, string phrase, int rank)
    {
        var wanted = phrase.Split(' ');
        var words = _words[column];
        return rank switch
        {
            0 => words.SequenceEqual(wanted),
            1 => words.Count == wanted.Length && words.All(wanted.Contains),
            _ => !(wanted.Length == 1 && Generic.Contains(phrase)) && wanted.All(words.Contains) && words.All(word => wanted.Contains(word)
                || word[0] == HeaderWords.Unknown) && words.Count <= wanted.Length + 1,
        };
    }

    private bool Suits(string target, int column)
    {
        var type = TypeOf(target);
        return Traits[column].Suits(type.Kind) && (type.Kind != FieldKind.Choice || Traits[column].Count == 0
            || Traits[column].Distinct.Any(text => ChoiceWords.Reads(type, text) || ChoiceWords.Of(target, text) is not null));
    }

    /// <summary>Who changed a row, and whether it is locked.</summary>
    private static bool IsTechnical(IReadOnlyList<string> words) =>
        words.Any(word => Technical.Contains(word.TrimStart(HeaderWords.Unknown))) || words is ["created", ['?', 'b', 'y'], ..];

    /// <summary>Where nothing has a name: rows with a day and an amount are sales.</summary>
    private string KindByValues() => Traits.Any(t => t.Dates.Count > 0) && Traits.Any(IsAmount) ? "order" : "customer";

    private static bool IsAmount(ValueTraits traits) => traits.Numbers.Count > 0 && traits.Distinct.Any(v => v.AsSpan().ContainsAny(".,"));

    private void ByValues()
    {
        if (!_sample.Format.HasHeader && Reasons.All(reason => reason is null))
        {
            if (Kind == "order")
            {
                Find("order.orderedAt", t => t.Dates.Count > 0);
                Find("order.amount", IsAmount);
            }
            Find("customer.key", _ => true);
        }
        Find("customer.email", t => t.IsEmail);
        Find("customer.phone", t => t.IsPhone && t.Dates.Count == 0 && t.Distinct.All(v => v[0] is '+' or '('));

        void Find(string target, Func<ValueTraits, bool> fits)
        {
            if (_columns.ContainsKey(target) || Kind is "product" or "campaign" or "campaignSpend" or "exchangeRate" or "teamMember")
                return;
            for (var column = 0; column < _words.Length; column++)
            {
                if (Reasons[column] is not null || !fits(Traits[column]))
                    continue;
                Reasons[column] = ImportColumnReason.Values;
                _columns.Add(target, column);
                return;
            }
        }
    }

    private void KeepOthers()
    {
        for (var column = 0; column < _words.Length; column++)
        {
            if (Reasons[column] is not (null or ImportColumnReason.Unsuitable))
                continue;
            Reasons[column] = _sample.Rows.Count > 0 && Traits[column].Count == 0 ? ImportColumnReason.Empty
                : HasAttributes && _sample.Format.HasHeader && _sample.Header[column].Length > 0 && Attributes.Count < AttributesAtMost
                    ? ImportColumnReason.Attribute
                : Reasons[column] ?? ImportColumnReason.NoField;
            if (Reasons[column] == ImportColumnReason.Attribute)
                Attributes.Add(column);
        }
    }
}
