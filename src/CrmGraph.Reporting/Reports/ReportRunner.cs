using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrmGraph.Data.Database;
using CrmGraph.Data.Database.Moments;
using CrmGraph.Data.Model;
using CrmGraph.Data.Statements;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Costs;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting.Access;
using CrmGraph.Reporting.Metrics;
using CrmGraph.Reporting.Querying.Calendar;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CrmGraph.Reporting.Reports;

/// <summary>Runs a version of a report under the caller's own rights, all sections on one moment of the data, and keeps the result.</summary>
public sealed class ReportRunner(
    CrmDbContext database,
    DatabaseEngine engine,
    ReportValidator validator,
    RequestExecutor executor,
    CrmLimits limits,
    CustomMetrics metrics,
    TimeProvider time)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="request">Of whoever runs it: each section is answered, and priced, as the same operation sent by itself.</param>
    /// <exception cref="ReportInvalidException">The parameters do not fit.</exception>
    public async Task<ReportResult> RunAsync(
        ReportVersion version,
        JsonElement given,
        Caller caller,
        RequestState request,
        IServiceProvider services,
        CancellationToken cancellationToken)
    {
        // Before the moment of the data: what goes to somebody else meanwhile is then known to have gone.
        var departures = await new Rows(database, caller).Departures.LongCountAsync(cancellationToken);
        var (result, _) = await ComputeAsync(version, given, caller, request, services, null, cancellationToken);
        result.Departures = departures;
        if (result.IsKept)
            database.ReportResults.Add(result);
        database.ReportRuns.Add(RunOf(version, caller, await database.SettingsAsync(cancellationToken)));
        await database.SaveChangesAsync(cancellationToken);
        return result;
    }

    /// <summary>The same, kept nowhere.</summary>
    /// <exception cref="ReportInvalidException">The parameters do not fit.</exception>
    private async Task<(ReportResult Result, SectionReads? Reads)> ComputeAsync(
        ReportVersion version,
        JsonElement given,
        Caller caller,
        RequestState request,
        IServiceProvider services,
        Watched? watched,
        CancellationToken cancellationToken)
    {
        var content = ReportContent.FromJson(version.Document);
        if (validator.Check(content) is [var problem, ..])
            throw new GraphQLException(
                ReportCodes.Broken,
                $"Version {version.Version} of this report no longer fits the schema: {problem.Part}: {problem.Message} Save it anew.");
        var parameters = ReportParameters.Bind(content.Parameters, given, validator);
        var (result, reads) = await ComputeAsync(content, parameters, caller, request, services, watched, cancellationToken);
        (result.ReportId, result.Version) = (version.ReportId, version.Version);
        return (result, reads);
    }

    /// <summary>Of a version, or the newest one, that the caller may see; null where there is none.</summary>
    /// <exception cref="GraphQLException">REPORT_INVALID_PARAMETER: the parameters do not fit.</exception>
    public async Task<ReportResult?> CurrentAsync(
        Guid id, int? version, JsonElement parameters, RequestState request, IServiceProvider services, CancellationToken cancellationToken) =>
        (await CurrentAsync(id, version, parameters, request, services, null, cancellationToken)).Result;

    /// <summary>The same again and again: sections whose data has not changed are taken from the last time. Answers also what was read, when that is known.</summary>
    /// <exception cref="NotCommonException">Several callers watch, and the report is of each caller's own.</exception>
    internal Task<(ReportResult? Result, SectionReads? Reads)> WatchedAsync(
        Guid id, int? version, JsonElement parameters, RequestState request, IServiceProvider services, Watched watched, CancellationToken cancellationToken) =>
        CurrentAsync(id, version, parameters, request, services, watched, cancellationToken);

    private async Task<(ReportResult? Result, SectionReads? Reads)> CurrentAsync(
        Guid id, int? version, JsonElement parameters, RequestState request, IServiceProvider services, Watched? watched, CancellationToken cancellationToken)
    {
        var rows = new Rows(database, request.Require<Caller>());
        var report = await rows.ReportDefinitions.FirstOrDefaultAsync(r => r.Id == id, cancellationToken);
        var wanted = version ?? report?.Version;
        var found = report is null ? null : await rows.ReportVersions.FirstOrDefaultAsync(v => v.ReportId == id && v.Version == wanted, cancellationToken);
        if (found is null)
            return (null, null);
        try
        {
            return await ComputeAsync(found, parameters, rows.Caller, request, services, watched, cancellationToken);
        }
        catch (ReportInvalidException e)
        {
            throw new GraphQLException(ReportCodes.InvalidParameter, e.Message);
        }
    }

    private ReportRun RunOf(ReportVersion version, Caller caller, Settings settings)
    {
        var moment = ReportingMoment.Of(settings, time);
        return new()
        {
            Id = Guid.CreateVersion7(),
            ReportId = version.ReportId,
            Version = version.Version,
            Reader = caller.Name,
            IsOwn = version.SavedBy == caller.Name,
            RanAt = moment.Now,
            Day = moment.Today,
        };
    }

    private async Task<(ReportResult Result, SectionReads? Reads)> ComputeAsync(
        ReportContent content, SortedDictionary<string, JsonElement> parameters, Caller caller, RequestState request, IServiceProvider services,
        Watched? watched, CancellationToken cancellationToken)
    {
        var requests = Requests(content, parameters);
        if (watched?.Sections.IsShared == true && !requests.All(r => r.Request.IsCommon))
            throw new NotCommonException();
        var settings = await database.SettingsAsync(cancellationToken);
        await using var moment = await DataMoment.OpenAsync(engine, concurrent: true, cancellationToken);
        var dates = await DatesOfAsync(requests, settings, moment.AsOf, cancellationToken);
        var language = Language.Of(request);
        var state = StateOf(request);
        await using (var lease = await moment.CreateContextAsync(cancellationToken))
        {
            if (watched is { } run)
                await run.Sections.CatchUpAsync(engine, lease, run.Sight, cancellationToken);
            await RequestSettings.ReadAheadAsync(state, lease.Context, services.GetService<StatementCache>(), moment.AsOf, time, cancellationToken);
        }

        var (sections, failed) = await RunSectionsAsync(
            ReportTexts.In(language, content), requests, state, new MomentServices(services, moment), watched?.Sections, cancellationToken);
        var fields = requests.SelectMany(s => s.Request.Fields).ToList();
        ReportResult result = new()
        {
            Id = Guid.CreateVersion7(),
            Parameters = ReportParameters.Canonical(parameters),
            Dates = In(language, dates).ToJson(),
            Scope = ScopeOf(caller, settings),
            HasRows = fields.Exists(f => f.On == executor.Schema.QueryType && f.Field.Name is not ("metrics" or "metricCatalog" or "__typename")),
            AsOf = moment.AsOf,
            Document = System.Text.Encoding.UTF8.GetString(sections.WrittenSpan),
            IsKept = !failed && !fields.Exists(f => f.Field.Name is "__schema" or "__type"),
        };
        return (result, watched?.Sections.Reads(requests.Select(r => r.Request)));
    }

    /// <summary>The newest kept result of the same version and parameters that the caller may see, if their relative dates mean the same days as then.</summary>
    /// <exception cref="GraphQLException">REPORT_INVALID_PARAMETER: the parameters do not fit.</exception>
    public async Task<ReportResult?> KeptAsync(ReportVersion version, JsonElement given, Caller caller, Language language, CancellationToken cancellationToken)
    {
        var content = ReportContent.FromJson(version.Document);
        // What no longer fits the schema is not found by it either.
        if (validator.Check(content).Count > 0)
            return null;
        try
        {
            var bound = ReportParameters.Bind(content.Parameters, given, validator);
            var settings = await database.SettingsAsync(cancellationToken);
            var days = await DatesOfAsync(Requests(content, bound), settings, time.GetUtcNow().UtcDateTime, cancellationToken);
            var dates = In(language, days).ToJson();
            var parameters = ReportParameters.Canonical(bound);
            return await new Rows(database, caller).ReportResults
                .Where(r => r.ReportId == version.ReportId && r.Version == version.Version && r.Parameters == parameters && r.Dates == dates)
                .OrderByDescending(r => r.AsOf)
                .FirstOrDefaultAsync(cancellationToken);
        }
        catch (ReportInvalidException e)
        {
            throw new GraphQLException(ReportCodes.InvalidParameter, e.Message);
        }
    }

    // What is kept in one language is not what another one asks for.
    private static ReportDates In(Language language, ReportDates dates) => dates with { Language = language == Language.English ? null : language.Tag };

    private static RequestState StateOf(RequestState request)
    {
        var state = request.Fresh();
        return state.Get<CostPolicy>() is { } spending ? state.Set(spending with { Mode = CostMode.Enforce }) : state;
    }

    /// <summary>Small groups are shown to administrators alone.</summary>
    private static string ScopeOf(Caller caller, Settings settings) =>
        settings.SmallGroupMinimum > 0 && caller.Role == Role.Administrator ? caller.Scope + " with small groups" : caller.Scope;

    /// <summary>What each section asks.</summary>
    private List<(int Section, SectionRequest Request)> Requests(ReportContent content, SortedDictionary<string, JsonElement> parameters)
    {
        var requests = new List<(int, SectionRequest)>();
        foreach (var (i, section) in content.Sections.Index())
        {
            if (section.Operation is not { } operation)
                continue;
            var variables = VariablesOf(operation, parameters);
            var fields = Located(i, () => validator.ArgumentsOf(operation, variables));
            requests.Add((i, new(operation, variables, fields) { QueryType = executor.Schema.QueryType }));
        }

        return requests;
    }

    private async Task<ReportDates> DatesOfAsync(
        IReadOnlyList<(int Section, SectionRequest Request)> requests, Settings settings, DateTime now, CancellationToken cancellationToken)
    {
        var moment = ReportingMoment.Of(settings, time) with { Now = now };
        foreach (var (section, request) in requests)
            Located(section, () => ReportDates.Of(request.Fields, settings, moment));
        var all = requests.SelectMany(s => s.Request.Fields).ToList();
        var own = await metrics.LoadAsync(database, cancellationToken);
        return ReportDates.Of(all, settings, moment) with { Formulas = own.VersionsOf(ReportDates.Texts(all)) };
    }

    /// <summary>What is wrong with a section's values is said before anything runs.</summary>
    private static T Located<T>(int section, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (GraphQLException e)
        {
            throw new ReportInvalidException([new($"sections[{section}].operation", e.Message)], ReportCodes.InvalidParameter);
        }
    }

    private JsonElement VariablesOf(string operation, SortedDictionary<string, JsonElement> parameters)
    {
        var declared = validator.VariablesOf(operation).Select(v => v.Variable.Name.Value).ToHashSet(StringComparer.Ordinal);
        return JsonSerializer.SerializeToElement(parameters.Where(p => declared.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value));
    }

    private async Task<(ArrayBufferWriter<byte> Json, bool Failed)> RunSectionsAsync(
        ReportContent content,
        IReadOnlyList<(int Section, SectionRequest Request)> requests,
        RequestState state,
        IServiceProvider services,
        WatchedSections? watched,
        CancellationToken cancellationToken)
    {
        var asked = requests.ToDictionary(r => r.Section, r => r.Request);
        var (sections, failed) = (new ArrayBufferWriter<byte>(), false);
        await using var json = new Utf8JsonWriter(sections, Json);
        json.WriteStartArray();
        foreach (var (i, section) in content.Sections.Index())
        {
            failed |= !await RunSectionAsync(json, section, asked.GetValueOrDefault(i), state, services, watched, cancellationToken);
            if (json.BytesCommitted + json.BytesPending > limits.ReportResultCharacters)
                throw new GraphQLException(
                    ReportCodes.Invalid,
                    $"The result is larger than {limits.ReportResultCharacters} bytes; narrow the report's operations.");
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellationToken);
        return (sections, failed);
    }

    /// <returns>Whether it has no errors.</returns>
    private async Task<bool> RunSectionAsync(
        Utf8JsonWriter json,
        ReportSection section,
        SectionRequest? request,
        RequestState state,
        IServiceProvider services,
        WatchedSections? watched,
        CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteString("heading", section.Heading);
        if (section.Text is { } text)
            json.WriteString("text", text);
        json.WriteString("chart", JsonNamingPolicy.SnakeCaseUpper.ConvertName(section.Chart.ToString()));
        var isWhole = true;
        if (request is not null)
        {
            json.WritePropertyName("result");
            if (watched?.Find(request) is { } kept)
                json.WriteRawValue(kept.Span, skipInputValidation: true);
            else
                isWhole = await AnswerAsync(json, request, state, services, watched, cancellationToken);
        }

        json.WriteEndObject();
        return isWhole;
    }

    private async Task<bool> AnswerAsync(
        Utf8JsonWriter json, SectionRequest request, RequestState state, IServiceProvider services, WatchedSections? watched,
        CancellationToken cancellationToken)
    {
        var own = watched is null ? state : WatchedSections.Listen(state);
        var answer = new ArrayBufferWriter<byte>();
        var result = await executor.ExecuteAsync(new GraphQLRequest(request.Operation) { Variables = request.Variables }, own, services, cancellationToken);
        result.WriteTo(answer);
        json.WriteRawValue(answer.WrittenSpan, skipInputValidation: true);
        watched?.Keep(request, result, answer.WrittenSpan, own);
        return result.Errors.Count == 0;
    }

    /// <summary>A computation of a watched report.</summary>
    /// <param name="Sight">Another one when commits may have been missed since the last.</param>
    internal readonly record struct Watched(WatchedSections Sections, object Sight);
}
