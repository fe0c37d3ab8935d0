using System.CommandLine;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using CrmGraph.Tools.Schemas;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph schema diff</c>: what changed between two schemas. Exit codes: 0 nothing breaks clients, 1 something does, 2 something could not be read or is no schema.</summary>
public static class SchemaDiffCommand
{
    private const int Breaking = 1;
    private const int NotReadable = 2;

    private const string About = """
        Says what changed from one schema to another, with the kinds of graphql-js (docs/schema-tools.md).
        The schemas need not be whole: a text with some types will do.
        Exit codes: 0 no change breaks clients, 1 some do, 2 something could not be read or is no schema.
        With --json one object: {"breaking":true,"changes":[{"severity":"BREAKING","kind":"FIELD_REMOVED","message":"..."}]};
        severities are BREAKING, DANGEROUS and SAFE. Where one is no schema: {"oldErrors":[...],"newErrors":[...]}.
        """;

    /// <summary>One of the two: a schema that need not be complete, or why it is none.</summary>
    private sealed record Side(Schema? Schema, IReadOnlyList<GraphQLError> Errors)
    {
        public static Side Of(string sdl)
        {
            try
            {
                return new(SdlSchemaBuilder.BuildUnchecked(sdl), []);
            }
            catch (SyntaxException e)
            {
                return new(null, [e.Error with { Rule = SchemaText.Syntax }]);
            }
            catch (InvalidSchemaException e)
            {
                return new(null, e.Errors);
            }
        }
    }

    public static Command Create()
    {
        var before = new Argument<string?>("OLD") { Description = "A schema as SDL.", Arity = ArgumentArity.ZeroOrOne };
        var after = new Argument<string?>("NEW") { Description = "Another one; without it this version's.", Arity = ArgumentArity.ZeroOrOne };
        var cases = new Option<string?>("--cases")
        {
            Description = "Compare the two schemas of every line of this file ('-' is standard input): {\"id\":ANY,\"old\":\"SDL\",\"new\":\"SDL\"}. "
                + "Prints JSON.",
            HelpName = "FILE"
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("diff", About) { before, after, cases, json };
        command.SetAction(parsed =>
        {
            try
            {
                if (parsed.GetValue(cases) is { } path)
                    return Cases(path);
                var old = Side.Of(
                    File.ReadAllText(parsed.GetValue(before) ?? throw new CommandException("Say which schema to compare: schema diff OLD [NEW].")));
                var now = parsed.GetValue(after) is { } file ? Side.Of(File.ReadAllText(file)) : new Side(CrmSchema.Builder().Build(), []);
                return parsed.GetValue(json) ? Json(old, now) : Text(old, now);
            }
            catch (Exception e) when (e is CommandException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine("error: " + e.Message);
                return NotReadable;
            }
        });
        return command;
    }

    private static int Text(Side before, Side after)
    {
        foreach (var (name, error) in before.Errors.Select(static e => ("OLD", e)).Concat(after.Errors.Select(static e => ("NEW", e))))
            Console.Error.WriteLine($"error: {name} is no valid schema: {(error.Locations is [var at, ..] ? $"{at.Line}:{at.Column} " : "")}{error.Message}");
        if (before.Schema is null || after.Schema is null)
            return NotReadable;
        var changes = SchemaDiff.Between(before.Schema, after.Schema);
        foreach (var change in changes)
            Console.WriteLine($"{change.Severity.ToString().ToUpperInvariant(),-9}  {change.Kind}  {change.Message}");
        if (changes.Count == 0)
            Console.WriteLine("The schemas are equal.");
        return Code(changes);
    }

    private static int Json(Side before, Side after)
    {
        using var lines = new JsonLines();
        return Compare(lines, default, before, after);
    }

    private static int Cases(string path)
    {
        using var lines = new JsonLines();
        var worst = 0;
        foreach (var (line, json) in CaseFile.Read(path))
        {
            Side Given(string name) => Side.Of(CaseFile.Text(json, line, name) ?? throw new CommandException($"Line {line} has no \"{name}\"."));
            worst = Math.Max(worst, Compare(lines, CaseFile.Id(json, line), Given("old"), Given("new")));
        }

        return worst;
    }

    private static int Compare(JsonLines lines, JsonElement id, Side before, Side after)
    {
        if (before.Schema is null || after.Schema is null)
        {
            lines.NotCompared(id, before.Errors, after.Errors);
            return NotReadable;
        }

        var changes = SchemaDiff.Between(before.Schema, after.Schema);
        lines.Compared(id, changes);
        return Code(changes);
    }

    private static int Code(IReadOnlyList<SchemaChange> changes) => changes.Any(static c => c.Severity == ChangeSeverity.Breaking) ? Breaking : 0;
}
