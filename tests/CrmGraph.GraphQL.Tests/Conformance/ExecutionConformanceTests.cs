using System.Text.Json;
using System.Text.Json.Nodes;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Conformance;

/// <summary>Coercion of variables and execution against graphql-js, with the same resolvers on both sides (<see cref="World"/>).</summary>
[Collection(nameof(LanguageCases))]
public sealed class ExecutionConformanceTests(LanguageCases cases)
{
    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }

    private readonly List<Schema> _schemas = [.. cases.All.Where(static c => c.Kind == "schema")
        .Select(static c => SdlSchemaBuilder.Build(c.Sdl!, static (_, _) => World.Code))];

    [Fact]
    public void Variables_are_coerced_as_graphql_js_coerces_them()
    {
        var (count, wrong) = (0, new List<string>());
        foreach (var c in cases.All.Where(static c => c.Kind == "run"))
        {
            count++;
            var definitions = Operation(c).VariableDefinitions;
            var errors = new List<GraphQLError>();
            var values = Values.CoerceVariableValues(_schemas[c.Schema], definitions, Json(c.Variables!), 1000, errors);
            var ours = errors.Count > 0 ? Lines(errors.Select(static e => $"{Places(e)}\u001f{e.Message}")) : World.Canonical(values);
            var theirs = c.VariableErrors is { } judged ? Lines(judged.Select(static e => $"{Places(e.At)}\u001f{e.Message}")) : Normal(c.Coerced!);
            // We stop counting the mistakes of one variable at fifty.
            if (Plain(ours) != Plain(theirs) && !(errors.Count >= 50 && c.VariableErrors?.Length > 50))
                wrong.Add(Disagreement(c, ours, theirs));
        }

        Assert.True(wrong.Count == 0, Report(wrong, count));
        Assert.True(count > 100);
    }

    [Fact]
    public async Task Execution_gives_the_data_and_the_errors_that_graphql_js_gives()
    {
        var (count, wrong) = (0, new List<string>());
        foreach (var c in cases.All.Where(static c => c is { Kind: "run", Results: not null }))
        {
            // Listed differences of validation have no execution to compare.
            if (LanguageConformanceTests.DiffersByTheSpecification(_schemas[c.Schema], c.Text))
                continue;
            count++;
            var ours = string.Join("\n---\n", (await RunAsync(c)).Select(static r => Shown(r.Data, r.Errors)));
            var theirs = string.Join("\n---\n", c.Results!.Select(static r => Shown(r.Data, r.Errors)));
            if (ours != theirs)
                wrong.Add(Disagreement(c, ours, theirs));
        }

        Assert.True(wrong.Count == 0, Report(wrong, count));
        Assert.True(count > 100);
    }

    [Fact]
    public async Task Introspection_describes_schemas_as_graphql_js_does()
    {
        var query = cases.All[0].IntrospectionQuery!;
        var (count, wrong) = (0, new List<string>());
        foreach (var c in cases.All.Where(static c => c.Introspection is not null))
        {
            count++;
            var schema = SdlSchemaBuilder.Build(c.Sdl ?? c.Text);
            var result = await new RequestExecutor(schema, Options).ExecuteAsync(new GraphQLRequest(query), new RequestState(), new NoServices(), default);
            Assert.Empty(result.Errors);
            var (ours, theirs) = (Described(result.ToJson().GetProperty("data").GetRawText()), Described(c.Introspection!));
            if (ours != theirs)
                wrong.Add($"--- only ours:\n{LanguageConformanceTests.Only(ours, theirs)}\n--- only graphql-js:\n"
                    + $"{LanguageConformanceTests.Only(theirs, ours)}\n--- schema:\n{c.Sdl ?? c.Text}");
        }

        Assert.True(wrong.Count == 0, Report(wrong, count));
        Assert.True(count > 6);
    }

    private static RequestExecutorOptions Options { get; } = new()
    {
        Limits = GraphQLLimits.ForOwnDocuments() with { CachedPlans = 10, ResponseErrors = 100_000 },
    };

    private async Task<List<JudgedResult>> RunAsync(LanguageCase c)
    {
        var schema = _schemas[c.Schema];
        var request = new GraphQLRequest(c.Text) { OperationName = c.Operation, Variables = Json(c.Variables!) };
        var state = new RequestState().Set(new World(schema, c.Mood, c.Seed));
        var result = await new RequestExecutor(schema, Options).ExecuteAsync(request, state, new NoServices(), default);
        if (result.Stream is not { } stream)
            return [Judged(result)];
        var results = new List<JudgedResult>();
        await foreach (var one in stream)
            results.Add(Judged(one));
        return results;
    }

    private static JudgedResult Judged(ExecutionResult result) => new(
        result.HasData ? result.ToJson().GetProperty("data").GetRawText() : null,
        [.. result.Errors.Select(
            static e => new JudgedFieldError(JsonSerializer.Serialize(e.Path ?? []), [.. e.Locations.Select(static l => new[] { l.Line, l.Column })],
                e.Message))]);

    /// <summary>
    /// The data, then the errors as a set: where null has risen to a place, how many errors lie below it is free (section 6.4.4 lets an executor
    /// stop there), so the place stands for them.
    /// </summary>
    private static string Shown(string? data, JudgedFieldError[] errors)
    {
        var node = data is null ? null : JsonNode.Parse(data);
        var lines = errors.Select(e => Visible(node, JsonNode.Parse(e.Path)!.AsArray(), out var path) ? $"{path} {Places(e.At)}" : $"{path} and below")
            .Distinct()
            .Order(StringComparer.Ordinal);
        return $"{(data is null ? "no data" : node?.ToJsonString() ?? "null")}\n{string.Join('\n', lines)}";
    }

    /// <summary>How far a path can be followed, and whether to its end.</summary>
    private static bool Visible(JsonNode? data, JsonArray path, out string seen)
    {
        seen = "";
        foreach (var step in path)
        {
            if (data is null)
                return false;
            seen += "/" + step;
            data = data is JsonArray list ? list[(int)step!] : data[(string)step!];
        }

        return true;
    }

    /// <summary>Types and directives by name, without what is described in everyone's own words: the parts that the specification defines.</summary>
    private static string Described(string json)
    {
        var schema = JsonNode.Parse(json)!["__schema"]!;
        static string Name(JsonNode? node) => (string)node!["name"]!;
        var types = schema["types"]!.AsArray().Where(static t => !Name(t).StartsWith("__", StringComparison.Ordinal) && !Scalars.IsSpecified(Name(t)));
        // The directives' own deprecation belongs to a later edition.
        foreach (var directive in schema["directives"]!.AsArray().OfType<JsonObject>())
        {
            directive.Remove("isDeprecated");
            directive.Remove("deprecationReason");
        }

        var directives = schema["directives"]!.AsArray().Where(static d => !SpecifiedDirectives.IsSpecified(Name(d)));
        foreach (var possible in types.Select(static t => t!["possibleTypes"]).OfType<JsonArray>())
        {
            var sorted = possible.OrderBy(Name, StringComparer.Ordinal).Select(static p => p!.DeepClone()).ToArray();
            possible.Clear();
            foreach (var type in sorted)
                possible.Add(type);
        }

        var roots = string.Join(' ', new[] { "queryType", "mutationType", "subscriptionType" }.Select(r => schema[r]?.ToJsonString() ?? "null"));
        var scalars = string.Join(' ', schema["types"]!.AsArray().Select(Name).Where(Scalars.IsSpecified).Order(StringComparer.Ordinal));
        return $"{schema["description"]?.ToJsonString()} {roots} {scalars}\n"
            + $"{string.Join('\n', types.Concat(directives).OrderBy(Name, StringComparer.Ordinal).Select(static t => t!.ToJsonString()))}";
    }

    private static OperationDefinitionNode Operation(LanguageCase c) =>
        Parser.Parse(c.Text, Options.Limits).Definitions.OfType<OperationDefinitionNode>().First(o => c.Operation is null || o.Name?.Value == c.Operation);

    private static JsonElement Json(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static string Normal(string json) => World.Canonical((IReadOnlyDictionary<string, object?>)ScalarPassThrough.Value(Json(json))!);

    private static string Places(GraphQLError error) => string.Join(' ', error.Locations.Select(static l => $"({l.Line}:{l.Column})"));

    private static string Places(int[][] at) => string.Join(' ', at.Select(static l => $"({l[0]}:{l[1]})"));

    private static string Lines(IEnumerable<string> errors) => string.Join('\n', errors.Order(StringComparer.Ordinal));

    private static string Plain(string text) => string.Join('\n', text.Split('\n').Select(static l => l.Split('\u001f')[0]));

    private static string Disagreement(LanguageCase c, string ours, string theirs) =>
        $"--- ours:\n{ours}\n--- graphql-js:\n{theirs}\n--- of {c.Operation}, mood {c.Mood}, seed {c.Seed}, schema {c.Schema}, variables {c.Variables}\n{c.Text}\n{string.Join('\n', c.Results?.SelectMany(static r => r.Errors).Select(static e => e.Path + e.Message) ?? [])}";

    private static string Report(List<string> wrong, int count)
        => $"{wrong.Count} of {count} disagree.\n{string.Join('\n', wrong.OrderBy(static w => w.Length).Take(6))}";
}
