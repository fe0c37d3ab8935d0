using CrmGraph.Data.Database;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Imports;

namespace CrmGraph.Reporting;

/// <summary>What clients are told of exceptions that are nobody's mistake and no secret.</summary>
public static class CrmErrors
{
    /// <summary>The database cannot be reached at present.</summary>
    public static GraphQLError Away { get; }
        = new("The database cannot be reached at present, or has no connection free. Send this again in a moment.") { Code = ErrorCodes.Unavailable };

    private static GraphQLError Full { get; }
        = new("The disk of the database is full: nothing of this was written. Whoever runs the server must make room.") { Code = ImportErrorCodes.StorageFull };

    private static GraphQLError Locked { get; }
        = new("Another program held the database's file all the time: nothing of this was written. Send it again.") { Code = ErrorCodes.Timeout };

    /// <summary>Null for everything that clients must not see.</summary>
    public static GraphQLError? Explain(Exception exception) =>
        DatabaseEngine.IsFull(exception) ? Full
        : DatabaseEngine.IsLocked(exception) ? Locked
        : DatabaseEngine.IsAway(exception) ? Away
        : null;
}
