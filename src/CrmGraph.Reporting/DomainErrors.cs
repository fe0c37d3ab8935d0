namespace CrmGraph.Reporting;

// Expected failures of mutations: each becomes an entry of the payload's errors, a NotFoundException a NotFoundError.

/// <summary>What the mutation refers to does not exist, or the caller may not see it.</summary>
public sealed class NotFoundException(string what, string key) : Exception($"There is no {what} \"{key}\" that you may see.")
{
    public string Code { get; init; } = "NOT_FOUND";
}

/// <summary>Somebody else was first: the key is taken, or the version is not the newest.</summary>
public sealed class ConflictException(string message) : Exception(message)
{
    public string Code { get; init; } = "CONFLICT";
}
