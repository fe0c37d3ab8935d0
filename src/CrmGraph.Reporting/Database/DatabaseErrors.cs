using CrmGraph.GraphQL.Errors;

namespace CrmGraph.Reporting.Database;

/// <summary>What clients are told when the database cannot do what any other day it could.</summary>
public static class DatabaseErrors
{
    [ErrorCode(ErrorPlace.Field, 200, "the disk of the database is full; nothing of the mutation was written", "make room and send it again")]
    public const string StorageFull = "STORAGE_FULL";

    /// <summary>Null for everything that clients must not see.</summary>
    public static GraphQLError? Explain(Exception exception) => DatabaseEngine.IsFull(exception)
        ? new GraphQLError("The disk of the database is full: nothing of this was written. Whoever runs the server must make room.") { Code = StorageFull }
        : null;
}
