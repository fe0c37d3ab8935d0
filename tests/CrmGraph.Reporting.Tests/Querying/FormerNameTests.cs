using System.Buffers.Text;
using System.Text;
using CrmGraph.Reporting.Tests.Reports;
using CrmGraph.TestKit;
using Xunit;

namespace CrmGraph.Reporting.Tests.Querying;

/// <summary>Survey responses were survey answers once: what was given out, saved or written under that name is still understood.</summary>
public sealed class FormerNameTests
{
    [Fact]
    public async Task Ids_fields_and_saved_documents_of_survey_answers_are_those_of_survey_responses()
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        var made = (await bench.Client.DataAsync("""
            mutation { upsertCustomer(input: { externalIds: [{ source: "shop", key: "C1" }], name: "Acme" }) { errors { __typename } }
              upsertSurveyAnswer(input: { customer: { externalId: { source: "shop", key: "C1" } }, externalIds: [{ source: "shop", key: "S1" }], answeredAt: "2026-03-01T00:00:00Z", kind: NPS, score: 9 }) {
              surveyAnswer { id score } errors { __typename } } }
            """)).GetProperty("upsertSurveyAnswer").GetProperty("surveyAnswer");
        var id = made.GetProperty("id").GetString()!;
        var former = Former(id);

        var found = await bench.Client.DataAsync("""
            query($ids: [ID!]!, $id: ID!, $kind: ExternalEntity!) {
              one: customers(where: { externalIds: { some: { entity: { neq: SURVEY_ANSWER }, key: { eq: "C1" } } } }) { totalCount }
              same: customers(where: { externalIds: { some: { entity: { nin: [$kind] }, key: { eq: "C1" } } } }) { totalCount }
              nodes(ids: $ids) { __typename id } node(id: $id) { id }
              surveyAnswers(where: { id: { eq: $id } }) { totalCount nodes { id } } surveyResponses(where: { id: { in: $ids } }) { totalCount }
              was: surveyAnswerAggregates { total { count } } is: surveyResponseAggregates { total { count } } }
            """, new { ids = new[] { former, id }, id = former, kind = "SURVEY_ANSWER" });

        Assert.Equal((1, 1), (found.GetProperty("one").GetProperty("totalCount").GetInt32(), found.GetProperty("same").GetProperty("totalCount").GetInt32()));
        Assert.Equal([("SurveyResponse", id), ("SurveyResponse", id)],
            found.GetProperty("nodes").EnumerateArray().Select(n => (n.GetProperty("__typename").GetString()!, n.GetProperty("id").GetString()!)));
        Assert.Equal(id, found.GetProperty("node").GetProperty("id").GetString());
        Assert.Equal(id, found.GetProperty("surveyAnswers").GetProperty("nodes")[0].GetProperty("id").GetString());
        Assert.Equal(1, found.GetProperty("surveyResponses").GetProperty("totalCount").GetInt32());
        Assert.Equal(found.GetProperty("is").ToString(), found.GetProperty("was").ToString());
        // What is stored keeps its name: an older program's rows are found, too.
        Assert.Equal(1L, (await bench.Database.QueryAsync("select count(*) from external_ids where entity = 'SURVEY_ANSWER' and key = 'S1'"))[0][0]);
        var changed = await bench.Client.DataAsync("""
            mutation($id: ID!) { upsertSurveyAnswers(input: { answers: [{ id: $id, score: 3 }] }) { outcome { updated } }
              deleteSurveyAnswer(input: { id: $id }) { id errors { __typename } } }
            """, new { id = former });
        Assert.Equal(1, changed.GetProperty("upsertSurveyAnswers").GetProperty("outcome").GetProperty("updated").GetInt32());
        Assert.Equal(id, changed.GetProperty("deleteSurveyAnswer").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Segments_and_reports_saved_with_survey_answers_are_read()
    {
        await using var bench = await ReportBench.CreateAsync(DatabaseKind.Sqlite);
        var segment = (await bench.Client.DataAsync("""
            mutation { createSegment(input: { key: "pleased", name: "Pleased", definition: { surveyAnswers: { some: { score: { gte: 9 } } } } }) {
              segment { memberCount } errors { __typename ... on Error { message } } } }
            """)).GetProperty("createSegment");
        var report = await bench.IdOfNewAsync("pleased", ReportBench.Content(
            "query($where: SurveyResponseFilterInput) { SurveyAnswer: surveyAnswers(where: $where) { totalCount nodes { ...Score } } } "
                + "fragment Score on SurveyResponse { score }",
            new { name = "where", type = "SurveyResponseFilterInput", @default = new { score = new { gte = 9 } } }));
        foreach (var table in new[] { "report_definitions", "report_versions" })
            await bench.Database.ExecuteAsync(
                $"update {table} set document = replace(replace(document, 'SurveyResponseFilterInput', 'SurveyAnswerFilterInput'), "
                    + "'on SurveyResponse', 'on SurveyAnswer')");

        var (customers, all) = (bench.Crm.Customers.Count(c => !c.IsGuest && bench.Crm.SurveyResponses.Exists(r => r.CustomerId == c.Id && r.Score >= 9)),
            bench.Crm.SurveyResponses.Count(r => r.Score >= 9));
        Assert.Equal(customers, segment.GetProperty("segment").GetProperty("memberCount").GetInt32());
        Assert.Equal(all, (await bench.DataOfRunAsync(report)).GetProperty("SurveyAnswer").GetProperty("totalCount").GetInt32());
    }

    /// <summary>The id as it was written while the type was called so.</summary>
    private static string Former(string id)
    {
        var bytes = Convert.FromBase64String(id);
        var value = bytes.AsSpan(bytes.AsSpan().IndexOf((byte)':'));
        return Base64Url.EncodeToString([.. Encoding.ASCII.GetBytes("SurveyAnswer"), .. value]);
    }
}
