using CrmGraph.Data.Model;
using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;
using CrmGraph.Reporting.Querying.Calendar;

namespace CrmGraph.Reporting.Ingest.Fields;

/// <summary>Checks the fields of one record and remembers what is wrong, the first in front. Every method returns the value as it will be stored.</summary>
internal sealed class Check(IngestRecord record, CrmLimits limits)
{
    // Beyond these a moment is a mistake of the source (1899-12-30 and 0001-01-01 are what spreadsheets and databases make of "empty").
    private static readonly DateTime Earliest = Periods.Calendar.From.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
    private static readonly DateTime Latest = Periods.Calendar.Until.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
    private static readonly DateOnly EarliestBirth = new(1850, 1, 1);

    /// <summary>A hundred thousand million of any unit: nine thousand amounts of this size still fit the 64 bits of a total.</summary>
    private const decimal LargestAmount = 100_000_000_000m;
    private const decimal LargestWeight = 100_000m;

    public CrmLimits Limits => limits;
    public Refusal? Refusal { get; private set; }
    public bool Failed => Refusal is not null;

    public void Refuse(string code, string message, string? field = null)
    {
        var refusal = new Refusal(record.Kind, record.Origin, code, message, field);
        Refusal = Refusal is { } first ? first with { Further = [.. first.Further, refusal] } : refusal;
    }

    public string? Text(string? given, string field, int maximum)
    {
        if (Stored.Text(given) is not { } value)
            return null;
        if (value.Length > maximum)
            Refuse(RefusalCodes.TooLong, $"{field} has {value.Length} characters; at most {maximum} are kept.", field);
        else if (!FoldedText.IsStorable(value))
            Refuse(RefusalCodes.InvalidText, $"{field} holds a NUL character or half of a surrogate pair; give plain Unicode text.", field);
        return value;
    }

    /// <summary>For text that a row cannot be without. Where only missing values are filled, an empty one is not given.</summary>
    public void Required(Optional<string?> given, string field, int maximum)
    {
        if (given.HasValue && Text(given.Value, field, maximum) is null && record.Mode is WriteMode.Upsert or WriteMode.UpdateOnly)
            Refuse(RefusalCodes.Required, $"{field} may not be empty; leave it out to keep the stored value.", field);
    }

    public void Email(string? given, string field, int maximum)
    {
        if (Text(given, field, maximum) is { } address && !IsEmail(address))
            Refuse(RefusalCodes.InvalidEmail, $"{field} is not an e-mail address: it must look like name@example.com.", field);
    }

    public string? Currency(string? code, string field)
    {
        if (code is null)
            return null;
        var found = CurrencyCodes.Find(code);
        if (found is null)
            Refuse(RefusalCodes.InvalidCurrency, $"{field} '{Shown(code)}' is not a currency; give a code of ISO 4217 such as EUR or CNY.", field);
        return found;
    }

    public DateTime Moment(DateTime value, string field)
    {
        var utc = Stored.Moment(value);
        if (utc < Earliest || utc >= Latest)
            Refuse(RefusalCodes.InvalidDate, $"{field} is {utc:yyyy-MM-dd}; it must lie between 1900 and 2199.", field);
        return utc;
    }

    public DateTime? Moment(DateTime? value, string field) => value is { } v ? Moment(v, field) : null;

    public void Day(DateOnly? value, string field)
    {
        if (value is { } day && (day.Year < Earliest.Year || day.Year >= Latest.Year))
            Refuse(RefusalCodes.InvalidDate, $"{field} is {day:yyyy-MM-dd}; it must lie between 1900 and 2199.", field);
    }

    public void Birth(DateOnly? value, DateOnly today)
    {
        if (value is { } day && (day < EarliestBirth || day > today))
            Refuse(RefusalCodes.InvalidDate, $"birthDate is {day:yyyy-MM-dd}; it must lie between 1850 and today.", "birthDate");
    }

    public void Range(int? value, int minimum, int maximum, string field)
    {
        if (value is { } v && (v < minimum || v > maximum))
            Refuse(RefusalCodes.OutOfRange, $"{field} is {v}; it must be {minimum} to {maximum}.", field);
    }

    /// <summary>A value that may not be negative, as a count of 1/10000.</summary>
    public long Amount(decimal value, string field, string negativeCode = RefusalCodes.OutOfRange)
    {
        if (value < 0)
            Refuse(negativeCode, $"{field} is {value}; it may not be negative.", field);
        else if (value > LargestAmount)
            Refuse(RefusalCodes.OutOfRange, $"{field} is {value}; at most {LargestAmount} fits.", field);
        return Failed ? 0 : FixedPoint.FromDecimal(value);
    }

    public long? Amount(decimal? value, string field) => value is { } amount ? Amount(amount, field) : null;

    /// <summary>As large as that the squares of weights are summed exactly.</summary>
    public void Weight(decimal? value, string field)
    {
        if (value is < 0 or > LargestWeight)
            Refuse(RefusalCodes.OutOfRange, $"{field} is {value}; it must be 0 to {LargestWeight}.", field);
    }

    public void Words(IReadOnlyList<string>? words, string field)
    {
        foreach (var word in words ?? [])
            Text(word?.Trim(), field, limits.KeyCharacters);
        if (words?.Count > limits.WordsPerRow && Stored.Words(words).Count is var count && count > limits.WordsPerRow)
            Refuse(RefusalCodes.OutOfRange, $"{field} has {count} entries; at most {limits.WordsPerRow} are kept.", field);
    }

    public IReadOnlyList<KeyValuePair<string, string?>> Attributes(IReadOnlyList<KeyValuePair<string, string?>>? given)
    {
        var attributes = new List<KeyValuePair<string, string?>>();
        foreach (var (key, value) in given ?? [])
        {
            if (Text(key, "attributes", limits.KeyCharacters) is not { } name)
                Refuse(RefusalCodes.Required, "An attribute needs a key.", "attributes");
            else
                attributes.Add(new(name, Text(value, "attributes", limits.TextCharacters)));
        }

        if (attributes.Count > limits.AttributesPerCustomer)
            Refuse(RefusalCodes.OutOfRange, $"attributes has {attributes.Count} entries; at most {limits.AttributesPerCustomer} are kept.", "attributes");
        return attributes;
    }

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0 || at != text.LastIndexOf('@') || at > 64)
            return false;
        foreach (var c in text)
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';')
                return false;
        var domain = text.AsSpan(at + 1);
        return domain.Length >= 3 && domain.Contains('.') && domain[0] != '.' && domain[^1] != '.' && !domain.Contains("..", StringComparison.Ordinal);
    }

    private static string Shown(string text) => text.Length <= 20 ? text : text[..20] + "...";
}
