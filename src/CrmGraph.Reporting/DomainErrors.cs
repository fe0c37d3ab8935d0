namespace CrmGraph.Reporting;

// Expected failures of mutations: each becomes an entry of the payload's errors, a NotFoundException a NotFoundError. One class for each kind of
// failure, so that a client handles it once; what exactly it was is the code.

/// <summary>There is no such row, or none that the caller may see.</summary>
public sealed class NotFoundException(string message, string? field = null, string code = "NOT_FOUND") : Exception(message)
{
    /// <param name="what">The kind of row: <c>segment</c>.</param>
    public static NotFoundException Of(string what, string key, string code = "NOT_FOUND")
        => new($"There is no {what} \"{key}\" that you may see.", code: code);

    public string Code { get; } = code;
    /// <summary>The input field that names it; null when it is clear.</summary>
    public string? Field { get; } = field;
}

/// <summary>What was asked contradicts what is stored: somebody else was first, the key is taken, the version is not the newest.</summary>
public sealed class ConflictException(string message, string? field = null, string code = "CONFLICT") : Exception(message)
{
    public string Code { get; } = code;
    /// <summary>The input field at fault; null when it is the whole input.</summary>
    public string? Field { get; } = field;
}

/// <summary>A value cannot be stored; the message says what would be right.</summary>
public sealed class ValidationException(string code, string message, string? field) : Exception(message)
{
    /// <summary>Which rule: REQUIRED, TOO_LONG, INVALID_EMAIL, INVALID_CURRENCY, INVALID_DATE, UNKNOWN_ZONE, OUT_OF_RANGE, INCONSISTENT ...</summary>
    public string Code { get; } = code;
    /// <summary>The input field at fault; null when it is the whole input.</summary>
    public string? Field { get; } = field;
}

/// <summary>The caller sees the row but may not do this with it.</summary>
public sealed class NotPermittedException(string message, string? field = null) : Exception(message)
{
    public string Code { get; } = "NOT_PERMITTED";
    /// <summary>The input field at fault; null when it is the whole input.</summary>
    public string? Field { get; } = field;
}
