using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using CrmGraph.GraphQL.Validation.TypeSystem;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Conformance;

/// <summary>Our parser, printer, rules and schema checks against graphql-js, on generated documents, valid and broken.</summary>
[Collection(nameof(LanguageCases))]
public sealed class LanguageConformanceTests(LanguageCases cases)
{
    private static readonly GraphQLLimits Wide = GraphQLLimits.ForOwnDocuments();

    /// <summary>Our own limits, which graphql-js does not have.</summary>
    private static readonly string[] OwnRules = ["OperationLimits"];

    /// <summary>
    /// Variables in one-of input objects are compared by hand in <see cref="Validation.OneOfTests"/>: graphql-js 17.1.0 looks only where the input object's
    /// own position is nullable, and does not count a variable's default; the specification (IsNonNullPosition, section 5.8.5) says otherwise.
    /// </summary>
    private static bool IsOneOfPosition(string message) =>
        message.Contains("OneOf Input Object \"", StringComparison.Ordinal)
            && message.Contains("must be non-nullable", StringComparison.Ordinal)
        || message.Contains("to be the one field of", StringComparison.Ordinal);

    internal static bool DiffersByTheSpecification(Schema schema, string document)
        => Validator.Validate(schema, Parser.Parse(document, Wide), Wide).Any(static e => IsOneOfPosition(e.Message));

    [Fact]
    public void Syntax_errors_stand_where_graphql_js_has_them()
    {
        var checkedCases = Check(
            static c => c.Kind != "schema",
            c => (Parse(c.Text).Error is { } e ? Places(e) : "none", c.Syntax is { } s ? $"({s.At[0]}:{s.At[1]})" : "none"));
        Assert.True(checkedCases >= (LanguageCases.IsUsual ? 20_000 : 100));
    }

    [Fact]
    public void Every_rule_finds_what_graphql_js_finds()
    {
        var schemas = cases.All.Where(static c => c.Kind == "schema").Select(static c => SdlSchemaBuilder.Build(c.Sdl!)).ToList();
        var checkedCases = Check(static c => c is { Kind: "executable", Syntax: null }, c =>
        {
            var errors = Validator.Validate(schemas[c.Schema], Parse(c.Text).Document!, Wide);
            return (
                ByRule(errors.Where(static e => !OwnRules.Contains(e.Rule) && !IsOneOfPosition(e.Message)).Select(static e => (e.Rule, Places(e), e.Message))),
                ByRule(c.Errors!.Where(static e => !IsOneOfPosition(e.Message)).Select(static e => (e.Rule, Places(e), e.Message))));
        });
        Assert.True(checkedCases > 100);
        if (LanguageCases.IsUsual)
            Assert.Equal(
                SpecifiedRules.Executable.Count - OwnRules.Length,
                cases.All.Where(static c => c.Kind == "executable").SelectMany(static c => c.Errors ?? []).Select(static e => e.Rule).Distinct().Count());
    }

    [Fact]
    public void Schema_documents_break_the_rules_that_graphql_js_finds_broken()
    {
        var checkedCases = Check(static c => c is { Kind: "sdl", Syntax: null }, static c =>
            (ByRule(SdlRules.Check(Parse(c.Text).Document!).Select(static e => (e.Rule, Places(e), e.Message))),
                ByRule(c.Errors!.Select(static e => (e.Rule, Places(e), e.Message)))));
        Assert.True(checkedCases > 50);
    }

    [Fact]
    public void Schemas_are_valid_when_graphql_js_finds_them_valid()
    {
        var checkedCases = Check(static c => c is { Kind: "sdl", SchemaErrors: not null }, static c =>
            (ByRule(SchemaErrors(c.Text).Select(static e => ((string?)null, Places(e), e.Message))),
                ByRule(c.SchemaErrors!.Select(static e => ((string?)null, Places(e), e.Message)))));
        Assert.True(checkedCases > 10);
    }

    [Fact]
    public void Documents_are_printed_as_graphql_js_prints_them() =>
        Check(static c => c.Printed is not null, static c => (Printer.Print(Parse(c.Text).Document!), c.Printed!));

    /// <summary>Without the applied directives that graphql-js forgets, and without its spaces in empty lines.</summary>
    [Fact]
    public void Types_are_printed_as_graphql_js_prints_them()
    {
        var checkedCases = Check(static c => c.Types is not null, static c =>
        {
            var schema = SdlSchemaBuilder.Build(c.Sdl ?? c.Text);
            var ours = schema.Directives.Where(static d => !SpecifiedDirectives.IsSpecified(d.Name)).Select(static d => SchemaPrinter.Print(d, applied: false))
                .Concat(schema.Types.Where(static t => !Scalars.IsSpecified(t.Name)).Select(static t => SchemaPrinter.Print(t, applied: false)));
            return (Sorted(ours), Sorted(c.Types!));
        });
        Assert.True(checkedCases > 10);
    }

    [Fact]
    public void Changes_of_a_schema_are_those_that_graphql_js_finds()
    {
        var schemas = cases.All.Where(static c => c.Kind == "schema").Select(static c => SdlSchemaBuilder.Build(c.Sdl!)).ToList();
        var checkedCases = Check(static c => c.Changes is not null, c =>
        {
            var schema = SdlSchemaBuilder.Build(c.Text);
            return (Kinds(schemas[c.Schema], schema) + "\nback:\n" + Kinds(schema, schemas[c.Schema]), Kinds(c.Changes!) + "\nback:\n" + Kinds(c.Back!));
        });
        Assert.True(checkedCases > 10);
    }

    private static string Kinds(Schema before, Schema after) => Kinds(SchemaDiff.Between(before, after).Select(static d => d.Kind));

    /// <summary>Without what graphql-js does not see: an input object that becomes one-of.</summary>
    private static string Kinds(IEnumerable<string> kinds) =>
        string.Join('\n', kinds.Where(static k => k is not "INPUT_OBJECT_BECAME_ONE_OF").Order(StringComparer.Ordinal));

    private static string Sorted(IEnumerable<string> types) =>
        string.Join('\n', string.Join("\n\n", types.Order(StringComparer.Ordinal)).Split('\n').Select(static l => l.TrimEnd()));

    private static IReadOnlyList<GraphQLError> SchemaErrors(string sdl)
    {
        try
        {
            SdlSchemaBuilder.Build(sdl);
            return [];
        }
        catch (InvalidSchemaException e)
        {
            return e.Errors;
        }
    }

    private static (DocumentNode? Document, GraphQLError? Error) Parse(string text)
    {
        try
        {
            return (Parser.Parse(text, Wide), null);
        }
        catch (SyntaxException e)
        {
            return (null, e.Error);
        }
    }

    private static string Places(GraphQLError error) => string.Join(' ', error.Locations.Select(static l => $"({l.Line}:{l.Column})"));

    private static string Places(JudgedError error) => string.Join(' ', error.At.Select(static l => $"({l[0]}:{l[1]})"));

    /// <summary>One line for each error, by rule and place. Messages are shown beside but do not count.</summary>
    private static string ByRule(IEnumerable<(string? Rule, string Places, string Message)> errors) =>
        string.Join('\n', errors.GroupBy(static e => e.Rule, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal)
            .SelectMany(static g => g.OrderBy(static e => e.Places, StringComparer.Ordinal))
            .Select(static e => $"{e.Rule} {e.Places}\u001f{e.Message.ReplaceLineEndings(" ")}"));

    private int Check(Func<LanguageCase, bool> which, Func<LanguageCase, (string Ours, string Theirs)> judge)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var c in cases.All.Where(which))
        {
            count++;
            var (ours, theirs) = judge(c);
            if (Plain(ours) != Plain(theirs))
                wrong.Add($"--- only ours:\n{Only(ours, theirs)}\n--- only graphql-js:\n{Only(theirs, ours)}\n--- document:\n{c.Text}\n");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count} disagree.\n{string.Join('\n', wrong.OrderBy(static w => w.Length).Take(8))}");
        return count;
    }

    /// <summary>The lines that the other side does not have.</summary>
    public static string Only(string text, string other)
    {
        var only = text.Split('\n').ExceptBy(other.Split('\n').Select(Plain), Plain, StringComparer.Ordinal).ToList();
        return only.Count > 0 ? string.Join('\n', only) : "(only in number or order) " + text;
    }

    private static string Plain(string text) => string.Join('\n', text.Split('\n').Select(static l => l.Split('\u001f')[0]));
}
