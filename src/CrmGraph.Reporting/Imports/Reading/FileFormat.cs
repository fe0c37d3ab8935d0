namespace CrmGraph.Reporting.Imports.Reading;

internal enum QuoteEscape { Doubled, Backslash }

/// <summary>How the text of a file falls into records and fields.</summary>
internal sealed record FileFormat
{
    /// <summary>One or more characters between two fields; null for runs of blanks and tabs.</summary>
    public string? Delimiter { get; init; } = ",";
    /// <summary>Null when quotes are ordinary characters.</summary>
    public char? Quote { get; init; } = '"';
    public QuoteEscape Escape { get; init; }
    public string Encoding { get; init; } = "utf-8";
    /// <summary>Rows with characters that the encoding does not have are refused, unless this is set.</summary>
    public bool KeepInvalidCharacters { get; init; }
    public bool HasHeader { get; init; } = true;
    /// <summary>Physical lines before the header (or the first row).</summary>
    public int SkipLines { get; init; }
    /// <summary>Lines that begin with this are no rows.</summary>
    public string? Comment { get; init; }
    /// <summary>Rows with fewer fields than the header are filled with empty ones, and empty fields too many are ignored, instead of refusing the row.</summary>
    public bool PadsRaggedRows { get; init; }
    public bool Trims { get; init; } = true;
    /// <summary>Texts that mean "no value", after trimming. The empty text always does.</summary>
    public IReadOnlyList<string> EmptyTexts { get; init; } = [];
    /// <summary>Texts have the apostrophes with which <see cref="CsvText"/> keeps them from being formulas.</summary>
    public bool IsGuarded { get; init; }
    /// <summary>A column that is not in the file counts as empty instead of being an error, except where a value must be.</summary>
    public bool AllowsMissingColumns { get; init; }
}
