using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Database;

public sealed class MomentServicesTests
{
    private const string Query = "{ customers(first: 1000) { totalCount nodes { orders { totalCount } owner { name } } } tickets { totalCount } "
        + "metrics(period: { last: { count: 12, unit: MONTH } }) { totals { orders { value } newCustomers { value } } } segments { nodes { memberCount } } }";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_field_of_every_operation_reads_the_moment_whatever_is_committed_meanwhile(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var crm = await SampleCrm.CreateAsync(database);
        await using var client = new GraphQLClient(database);
        async Task<string> AskAsync(IServiceProvider services) =>
            (await client.Executor.ExecuteAsync(new GraphQLRequest(Query), new RequestState().Set(Caller.System), services, default)).ToJson().GetRawText();
        var before = await AskAsync(client.Services);

        string first, second;
        await using (var moment = await DataMoment.OpenAsync(database.Engine, concurrent: true))
        {
            first = await AskAsync(new MomentServices(client.Services, moment));
            await database.SaveAsync(
                new Customer { Id = Guid.CreateVersion7(), Name = "Late", CreatedAt = crm.Now, Day = crm.Today, RecordedAt = crm.Now, UpdatedAt = crm.Now });
            second = await AskAsync(new MomentServices(client.Services, moment));
        }

        var after = await AskAsync(client.Services);
        Assert.Equal(before, first);
        Assert.Equal(first, second);
        Assert.NotEqual(second, after);
        Assert.DoesNotContain("errors", first, StringComparison.Ordinal);
    }
}
