using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting.Imports;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

/// <summary>What clients are told of a database that cannot write just now; anything else is ours to mend and only has an id.</summary>
public sealed class CrmErrorsTests
{
    [Theory]
    [InlineData(5, ErrorCodes.Timeout)]
    [InlineData(13, ImportErrorCodes.StorageFull)]
    [InlineData(14, ErrorCodes.Unavailable)]
    [InlineData(10, ErrorCodes.Unavailable)]
    [InlineData(11, null)]
    public void A_file_that_is_locked_or_full_is_told_and_a_broken_one_is_not(int sqlite, string? code)
    {
        var failure = new SqliteException("no", sqlite);
        Assert.Equal(code, CrmErrors.Explain(failure)?.Code);
        Assert.Equal(code, CrmErrors.Explain(new DbUpdateException("no", failure))?.Code);
    }
}
