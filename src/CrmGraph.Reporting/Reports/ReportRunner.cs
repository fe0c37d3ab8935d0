using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Database;
using Microsoft.EntityFrameworkCore;

namespace CrmGraph.Reporting.Reports;

/// <summary>Runs a version of a report under the caller's own rights, all sections on one moment of the data, and keeps the result.</summary>
public sealed class ReportRunner(CrmDbContext database, DatabaseEngine engine, ReportValidator validator, RequestExecutor executor, CrmLimits limits)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="spending">What the caller may spend: each section is priced as the same operation sent by itself. Null for runs that nobody sent.</param>
    public async Task<ReportResult> RunAsync(ReportVersion version, JsonElement given, Caller caller, CostPolicy? spending, IServiceProvider services, CancellationToken cancellationToken)
    {
        var content = ReportContent.FromJson(version.Document);
        if (validator.Check(content) is [var problem, ..])
            throw new GraphQLException(ReportCodes.Broken, $"Version {version.Version} of this report no longer fits the schema: {problem.Part}: {problem.Message} Save it anew.");
        var parameters = ReportParameters.Bind(content.Parameters, given);
        var (sections, asOf) = await RunSectionsAsync(content, parameters, StateOf(caller, spending), services, cancellationToken);
        var result = new ReportResult
        {
            Id = Guid.CreateVersion7(),
            ReportId = version.ReportId,
            Version = version.Version,
            Parameters = ReportParameters.Canonical(parameters),
            Scope = caller.Scope,
            AsOf = asOf,
            Document = System.Text.Encoding.UTF8.GetString(sections.WrittenSpan),
        };
        database.ReportResults.Add(result);
        await database.SaveChangesAsync(cancellationToken);
        return result;
    }

    /// <summary>The newest kept result of the same version and parameters that the caller may see: of an equal scope, or any for an administrator.</summary>
    public async Task<ReportResult?> KeptAsync(ReportVersion version, JsonElement given, Caller caller, CancellationToken cancellationToken)
    {
        var parameters = ReportParameters.Canonical(ReportParameters.Bind(ReportContent.FromJson(version.Document).Parameters, given));
        return await new Rows(database, caller).ReportResults
            .Where(r => r.ReportId == version.ReportId && r.Version == version.Version && r.Parameters == parameters)
            .OrderByDescending(r => r.AsOf)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static RequestState StateOf(Caller caller, CostPolicy? spending)
    {
        var state = new RequestState().Set(caller);
        return spending is null ? state : state.Set(spending with { Mode = CostMode.Enforce });
    }

    private async Task<(ArrayBufferWriter<byte> Json, DateTime AsOf)> RunSectionsAsync(ReportContent content, SortedDictionary<string, JsonElement> parameters, RequestState state, IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var moment = await DataMoment.OpenAsync(engine, concurrent: true, cancellationToken);
        var sections = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(sections, Json);
        json.WriteStartArray();
        foreach (var section in content.Sections)
        {
            await RunSectionAsync(json, section, parameters, state, new MomentServices(services, moment), cancellationToken);
            if (json.BytesCommitted + json.BytesPending > limits.ReportResultCharacters)
                throw new GraphQLException(ReportCodes.Invalid, $"The result is larger than {limits.ReportResultCharacters} bytes; narrow the report's operations.");
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellationToken);
        return (sections, moment.AsOf);
    }

    private async Task RunSectionAsync(Utf8JsonWriter json, ReportSection section, SortedDictionary<string, JsonElement> parameters, RequestState state, IServiceProvider services, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteString("heading", section.Heading);
        if (section.Text is { } text)
            json.WriteString("text", text);
        json.WriteString("chart", JsonNamingPolicy.SnakeCaseUpper.ConvertName(section.Chart.ToString()));
        if (section.Operation is { } operation)
        {
            var declared = validator.VariablesOf(operation).Select(v => v.Variable.Name.Value).ToHashSet(StringComparer.Ordinal);
            var variables = JsonSerializer.SerializeToElement(parameters.Where(p => declared.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value));
            var answer = new ArrayBufferWriter<byte>();
            var result = await executor.ExecuteAsync(new GraphQLRequest(operation) { Variables = variables }, state, services, cancellationToken);
            result.WriteTo(answer);
            json.WritePropertyName("result");
            json.WriteRawValue(answer.WrittenSpan, skipInputValidation: true);
        }

        json.WriteEndObject();
    }
}
