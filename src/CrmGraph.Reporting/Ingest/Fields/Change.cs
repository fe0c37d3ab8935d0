using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Records;

namespace CrmGraph.Reporting.Ingest.Fields;

/// <summary>Decides field by field what a record changes in a row, and remembers whether anything changed.</summary>
/// <param name="isNew">The row was made here, so whatever it has was told here: nothing of it is to be kept.</param>
internal struct Change(WriteMode mode, bool isNew)
{
    public bool Any { get; private set; }

    public T Of<T>(T current, Optional<T> given, bool isMissing = false) => To(current, After(current, given, isMissing));

    /// <summary>For what follows from other values.</summary>
    public T To<T>(T current, T after)
    {
        Any |= !EqualityComparer<T>.Default.Equals(current, after);
        return after;
    }

    /// <summary>What becomes of a value, without changing it: rules between fields hold for the row as it will be.</summary>
    public readonly T After<T>(T current, Optional<T> given, bool isMissing = false)
        => given.HasValue && Replaces(current is null || isMissing) ? given.Value : current;

    /// <summary>For columns that are never null: a given null leaves the value as it is.</summary>
    public string OfText(string current, Optional<string?> given, bool isMissing = false) =>
        given is { HasValue: true, Value: { } value } ? Of(current, new Optional<string>(value), isMissing || current.Length == 0) : current;

    public List<string> OfWords(List<string> current, IReadOnlyList<string> words)
    {
        if (current.SequenceEqual(words) || !Replaces(current.Count == 0))
            return current;
        Any = true;
        return [.. words];
    }

    private readonly bool Replaces(bool isMissing) => isNew || mode is WriteMode.Upsert or WriteMode.UpdateOnly || mode == WriteMode.FillMissing && isMissing;
}
