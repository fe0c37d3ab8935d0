using CrmGraph.Reporting.Imports;
using CrmGraph.Reporting.Imports.Maps;
using CrmGraph.Reporting.Tests.Ingest;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Imports;

/// <summary>Several rows of one file about the same thing: the first holds, and what differs is told.</summary>
public sealed class RepeatedKeyTests
{
    [Theory]
    [InlineData("campaign: {key: K, name: K, channel: {const: ads}}\n  - campaignSpend: {campaign: K, day: D, amount: A, currency: C}",
        "K,D,A,C\nk,2025-05-01,10,EUR\nk,2025-05-01,15,eur\nk,2025-05-01,7,USD\n", "campaignSpend.amount",
        "select amount / 10000 from campaign_spend order by currency", "10 7")]
    [InlineData(
        "exchangeRate: {currency: C, day: D, rate: A}",
        "C,D,A\nUSD,2025-05-01,0.5\nusd,2025-05-01,0.25\nUSD,2025-05-02,1\n",
        "exchangeRate.rate",
        "select rate / 1000000 from exchange_rates order by day",
        "50 100")]
    [InlineData("product: {key: K, name: A}", "K,A\nk,one\nk,two\n", "product.name", "select name from products", "one")]
    [InlineData("teamMember: {key: K, name: A}", "K,A\nk,one\nk,two\n", "teamMember.name", "select name from team_members", "one")]
    [InlineData("team: {key: K, name: A}", "K,A\nk,one\nk,two\n", "team.name", "select name from sales_teams", "one")]
    [InlineData("campaign: {key: K, name: A}", "K,A\nk,one\nk,two\n", "campaign.name", "select name from campaigns", "one")]
    [InlineData("customer: {key: K, name: A}", "K,A\nk,one\nk,two\n", "customer.name", "select name from customers where not is_guest", "one")]
    [InlineData("order: {key: {const: o}, orderedAt: D, line: {key: K, quantity: Q, unitPrice: A}}",
        "K,D,Q,A\nl1,2025-05-01,1,10\nl1,2025-05-01,1,15\nl2,2025-05-01,1,1\nl1,2025-05-01,1,10\n", "order.line.unitPrice",
        "select amount / 10000 from order_lines order by amount", "1 10")]
    [InlineData(
        "interaction: {key: K, occurredAt: D, subject: A}",
        "K,D,A\nk,2025-05-01,one\nk,2025-05-01,two\n",
        "interaction.subject",
        "select subject from interactions",
        "one")]
    [InlineData(
        "ticket: {key: K, openedAt: D, subject: A}",
        "K,D,A\nk,2025-05-01,one\nk,2025-05-01,two\n",
        "ticket.subject",
        "select subject from tickets",
        "one")]
    [InlineData(
        "surveyAnswer: {key: K, answeredAt: D, kind: {const: nps}, score: A}",
        "K,D,A\nk,2025-05-01,3\nk,2025-05-01,4\n",
        "surveyResponse.score",
        "select score from survey_answers",
        "3")]
    [InlineData(
        "opportunity: {key: K, openedAt: D, stage: {const: s}, name: A}",
        "K,D,A\nk,2025-05-01,one\nk,2025-05-01,two\n",
        "opportunity.name",
        "select name from opportunities",
        "one")]
    [InlineData(
        "contract: {key: K, startDay: D, plan: A}",
        "K,D,A\nk,2025-05-01,one\nk,2025-05-01,two\n",
        "contract.plan",
        "select plan from contracts",
        "one")]
    public async Task The_first_row_holds_and_contradictions_are_counted(string record, string file, string field, string query, string stored)
    {
        foreach (var kind in new[] { DatabaseKind.Sqlite, DatabaseKind.Postgres })
        {
            await using var crm = await WriterFixture.CreateAsync(kind);
            var map = ImportMap.Parse($"source: shop\ndefaults: {{currency: EUR}}\nrecords:\n  - {record}\n", "map.yaml");
            for (var time = 0; time < 2; time++)
            {
                var report = await ImportRun.WriteAsync(crm, map, ImportRun.File(file));
                Assert.Equal(report.RowsRead, report.RowsUsed);
                Assert.Equal(new NamedCount(field, 1), Assert.Single(report.Contradictions));
                Assert.Equal(stored, string.Join(' ', (await crm.Database.QueryAsync(query)).Select(row => row[0])));
            }
        }
    }
}
