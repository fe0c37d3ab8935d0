namespace CrmGraph.Reporting.Ingest;

/// <summary>There is no such row, or none that the caller may see.</summary>
public sealed class NotFoundException(string message, string? field = null, string code = RefusalCodes.NotFound) : Exception(message)
{
    public string Code { get; } = code;
    /// <summary>The input field that names it.</summary>
    public string? Field { get; } = field;
}

/// <summary>What was asked contradicts what is stored.</summary>
public sealed class ConflictException(string message, string? field = null, string code = RefusalCodes.Conflict) : Exception(message)
{
    public string Code { get; } = code;
    public string? Field { get; } = field;
}

/// <summary>A value cannot be stored; the message says what would be right.</summary>
public sealed class ValidationException(string code, string message, string? field) : Exception(message)
{
    /// <summary>Which rule: REQUIRED, TOO_LONG, INVALID_EMAIL, INVALID_CURRENCY, INVALID_DATE, OUT_OF_RANGE, INCONSISTENT ...</summary>
    public string Code { get; } = code;
    /// <summary>The input field at fault; null when it is the whole input.</summary>
    public string? Field { get; } = field;
}

/// <summary>The caller sees the row but may not do this with it.</summary>
public sealed class NotPermittedException(string message, string? field = null) : Exception(message)
{
    public string Code { get; } = RefusalCodes.NotPermitted;
    public string? Field { get; } = field;
}

internal static class WriteErrors
{
    public static Exception ToException(this Refusal refusal) => refusal.Code switch
    {
        RefusalCodes.NotFound or RefusalCodes.ReferenceNotFound => new NotFoundException(refusal.Message, refusal.Field, refusal.Code),
        RefusalCodes.Conflict or RefusalCodes.Erased => new ConflictException(refusal.Message, refusal.Field, refusal.Code),
        RefusalCodes.NotPermitted => new NotPermittedException(refusal.Message, refusal.Field),
        _ => new ValidationException(refusal.Code, refusal.Message, refusal.Field),
    };
}
