using System.CommandLine;
using System.Text.Json;
using CrmGraph.GraphQL.Errors;
using CrmGraph.Reporting;
using CrmGraph.Tools.Schemas;

namespace CrmGraph.Tools.Commands;

/// <summary>
/// <c>crmgraph schema validate</c>: judges documents by any schema. Exit codes: 0 all valid, 1 some are not (the schema itself included), 2 something
/// could not be read.
/// </summary>
public static class SchemaValidateCommand
{
    private const int NotValid = 1;
    private const int NotReadable = 2;

    private const string About = """
        Validates client documents by a schema (docs/schema-tools.md). Without a document it judges the schema alone.
        Exit codes: 0 all valid, 1 some are not, 2 something could not be read.
        With --json one JSON object a line, for each document:
          {"id":"FILE","kind":"document","valid":false,"errors":[{"rule":"ScalarLeafs","message":"...","locations":[{"line":1,"column":3}]}]}
        Rules are named as in graphql-js, without "Rule"; errors of the grammar are "Syntax". When the schema is not valid, "kind" is "schema", the errors are the schema's, and
        those that no rule of the text finds are named "Schema".
        """;

    public static Command Create()
    {
        var documents = new Argument<string[]>("DOCUMENT") { Description = "Files with GraphQL documents.", Arity = ArgumentArity.ZeroOrMore };
        var sdl = new Option<string?>("--schema", "-s") { Description = "A schema as SDL; without it this version's.", HelpName = "FILE" };
        var operations = new Option<string[]>("--operation") { Description = "A document itself instead of a file; may be repeated.", HelpName = "TEXT" };
        var cases = new Option<string?>("--cases")
        {
            Description = "Judge every line of this file ('-' is standard input): {\"id\":ANY,\"schema\":\"SDL\",\"document\":\"TEXT\"}. "
                + "Without \"schema\" the one of --schema; without \"document\" the schema alone. Prints JSON.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON, one object a line." };
        var command = new Command("validate", About) { documents, sdl, operations, cases, json };
        command.SetAction(parsed =>
        {
            try
            {
                var schema = parsed.GetValue(sdl) is { } file ? new SchemaText(File.ReadAllText(file)) : new SchemaText(CrmSchema.Builder().Build());
                return parsed.GetValue(cases) is { } path
                    ? Cases(schema, path)
                    : Documents(schema, parsed.GetValue(sdl), [.. Given(parsed.GetValue(documents)!, parsed.GetValue(operations)!)], parsed.GetValue(json));
            }
            catch (Exception e) when (e is CommandException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine("error: " + e.Message);
                return NotReadable;
            }
        });
        return command;
    }

    private static IEnumerable<(string Name, string Text)> Given(string[] files, string[] operations) =>
        [.. files.Select(static f => (f, File.ReadAllText(f))), .. operations.Select(static (o, i) => (i == 0 ? "operation" : $"operation {i + 1}", o))];

    private static int Documents(SchemaText schema, string? schemaName, (string Name, string Text)[] documents, bool json)
    {
        var results = schema.Schema is null || documents.Length == 0
            ? [(Name: schemaName ?? "schema", Kind: "schema", schema.Errors)]
            : documents.Select(d => (d.Name, Kind: "document", Errors: schema.Judge(d.Text))).ToList();
        using var lines = json ? new JsonLines() : null;
        foreach (var (name, kind, errors) in results)
            if (lines is null)
                Say(name, errors);
            else
                lines.Judged(JsonSerializer.SerializeToElement(name), kind, errors);
        return results.Exists(static r => r.Errors.Count > 0) ? NotValid : 0;
    }

    private static int Cases(SchemaText usual, string path)
    {
        var schemas = new SchemaTexts();
        using var lines = new JsonLines();
        var valid = true;
        foreach (var (line, json) in CaseFile.Read(path))
        {
            var schema = CaseFile.Text(json, line, "schema") is { } sdl ? schemas.Of(sdl) : usual;
            var document = CaseFile.Text(json, line, "document");
            var errors = document is null ? schema.Errors : schema.Judge(document);
            valid &= errors.Count == 0;
            lines.Judged(CaseFile.Id(json, line), document is null || schema.Schema is null ? "schema" : "document", errors);
        }

        return valid ? 0 : NotValid;
    }

    private static void Say(string name, IReadOnlyList<GraphQLError> errors)
    {
        foreach (var error in errors)
            Console.WriteLine($"{name}{Place(error)}: {error.Message} ({error.Rule})");
        if (errors.Count == 0)
            Console.WriteLine($"{name}: valid");
    }

    private static string Place(GraphQLError error) => error.Locations is [var first, ..] ? $":{first.Line}:{first.Column}" : "";
}
