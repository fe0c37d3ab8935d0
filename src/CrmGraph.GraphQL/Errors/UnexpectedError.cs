namespace CrmGraph.GraphQL.Errors;

/// <summary>An exception that clients must not see. The host logs it; the client gets <see cref="Id"/>.</summary>
public sealed record UnexpectedError(string Id, Exception Exception, string Coordinate, IReadOnlyList<object>? Path)
{
    /// <summary>Tells the host; answers the id.</summary>
    internal static string Report(Action<UnexpectedError>? to, Exception exception, string coordinate, IReadOnlyList<object>? path)
    {
        var id = Guid.NewGuid().ToString("N");
        to?.Invoke(new UnexpectedError(id, exception, coordinate, path));
        return id;
    }

    internal static GraphQLError Masked(string id) => new("Unexpected Execution Error")
    {
        Code = ErrorCodes.Internal,
        Extensions = new Dictionary<string, object?> { ["id"] = id },
    };
}
