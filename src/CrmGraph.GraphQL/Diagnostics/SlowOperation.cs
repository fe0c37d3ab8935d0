using CrmGraph.GraphQL.Planning;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Diagnostics;

/// <summary>An operation that took longer than <see cref="GraphQLLimits.SlowOperationMilliseconds"/>. No part of it holds a value that somebody sent.</summary>
/// <param name="Name">The operation's name; null when it has none.</param>
/// <param name="Hash">SHA-256 of the document, in lower-case hexadecimal.</param>
/// <param name="Preparation">How long parsing, validating and planning took; zero when they were done for an earlier request.</param>
/// <param name="Execution">From the variables to the result. The time in which the result is written is not in it.</param>
/// <param name="Statements">Statements sent to the database.</param>
/// <param name="StatementTime">Until their first rows, added up; statements that ran beside each other count each.</param>
/// <param name="State">The request's, so that the host can say whose it was.</param>
public sealed record SlowOperation(
    string? Name,
    string Kind,
    string Hash,
    PreparationTime Preparation,
    TimeSpan Execution,
    int Statements,
    TimeSpan StatementTime,
    IReadOnlyList<string> Codes,
    RequestState State)
{
    public TimeSpan Total => Preparation.Total + Execution;
}
