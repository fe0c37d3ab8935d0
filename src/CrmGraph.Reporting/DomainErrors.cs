namespace CrmGraph.Reporting;

// Expected failures of mutations: each becomes an entry of the payload's errors, a NotFoundException a NotFoundError. One class for each kind of
// failure, so that a client handles it once; what exactly it was is the code.

/// <summary>The object does not exist, or the caller may not see it.</summary>
public sealed class NotFoundException(string message, string? field = null, string code = "NOT_FOUND") : Exception(message)
{
    /// <param name="what">The kind of row: <c>segment</c>.</param>
    public static NotFoundException Of(string what, string key, string code = "NOT_FOUND")
        => new($"There is no {what} \"{key}\" that you may see.", code: code);

    public string Code { get; } = code;
    /// <summary>The input field that names the object; null if that is obvious.</summary>
    public string? Field { get; } = field;
}

/// <summary>The request conflicts with what is stored: somebody else was faster, a key is taken, or a version is not the newest.</summary>
public sealed class ConflictException(string message, string? field = null, string code = "CONFLICT") : Exception(message)
{
    public string Code { get; } = code;
    /// <summary>The input field at fault; null if it is the input as a whole.</summary>
    public string? Field { get; } = field;
}

/// <summary>A value cannot be stored.</summary>
public sealed class ValidationException(string code, string message, string? field) : Exception(message)
{
    /// <summary>The rule that was broken, such as REQUIRED, TOO_LONG, INVALID_EMAIL or OUT_OF_RANGE.</summary>
    public string Code { get; } = code;
    /// <summary>The input field at fault; null if it is the input as a whole.</summary>
    public string? Field { get; } = field;
}

/// <summary>The caller may see the object, but may not do this with it.</summary>
public sealed class NotPermittedException(string message, string? field = null) : Exception(message)
{
    public string Code { get; } = "NOT_PERMITTED";
    /// <summary>The input field at fault; null if it is the input as a whole.</summary>
    public string? Field { get; } = field;
}
