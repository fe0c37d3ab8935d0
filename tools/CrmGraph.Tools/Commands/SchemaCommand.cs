using System.CommandLine;
using CrmGraph.GraphQL;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;
using CrmGraph.GraphQL.Validation;
using CrmGraph.Reporting;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph schema print|diff|validate</c>: what this program's graph is, without a server or database.</summary>
public static class SchemaCommand
{
    public static Command Create() => new("schema", "Prints this version's schema, compares schemas, and validates client documents.") { Print(), Diff(), Validate() };

    private static Command Print()
    {
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };
        var command = new Command("print", "Prints the schema as SDL.") { output };
        command.SetAction(parsed =>
        {
            var text = SchemaPrinter.Print(CrmSchema.Builder().Build()).TrimEnd('\n') + "\n";
            if (parsed.GetValue(output) is { } file)
                File.WriteAllText(file.FullName, text);
            else
                Console.Write(text);
        });
        return command;
    }

    private static Command Diff()
    {
        var before = new Argument<FileInfo>("OLD") { Description = "A schema as SDL." };
        var after = new Argument<FileInfo?>("NEW") { Description = "Another one; without it this version's.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("diff", "Says what changed from one schema to another. Exit code 1 when a change breaks clients.") { before.AcceptExistingOnly(), after };
        command.SetAction(parsed =>
        {
            var changes = SchemaDiff.Between(Read(parsed.GetRequiredValue(before)), parsed.GetValue(after) is { } file ? Read(file) : CrmSchema.Builder().Build());
            foreach (var change in changes)
                Console.WriteLine($"{change.Severity.ToString().ToUpperInvariant(),-9}  {change.Kind}  {change.Message}");
            if (changes.Count == 0)
                Console.WriteLine("The schemas are equal.");
            return changes.Any(c => c.Severity == ChangeSeverity.Breaking) ? 1 : 0;
        });
        return command;
    }

    private static Command Validate()
    {
        var documents = new Argument<FileInfo[]>("DOCUMENT") { Description = "Files with GraphQL operations.", Arity = ArgumentArity.OneOrMore };
        var sdl = new Option<FileInfo?>("--schema", "-s") { Description = "A schema as SDL; without it this version's.", HelpName = "FILE" };
        var command = new Command("validate", "Validates client documents. Exit code 1 when one is not valid.") { documents, sdl };
        command.SetAction(parsed =>
        {
            var schema = parsed.GetValue(sdl) is { } file ? Read(file) : CrmSchema.Builder().Build();
            var wrong = parsed.GetRequiredValue(documents).Count(document => !IsValid(schema, document));
            return wrong == 0 ? 0 : 1;
        });
        return command;
    }

    private static bool IsValid(Schema schema, FileInfo file)
    {
        var limits = new GraphQLLimits();
        try
        {
            var errors = Validator.Validate(schema, Parser.Parse(File.ReadAllText(file.FullName), limits), limits);
            foreach (var error in errors)
                Console.WriteLine($"{file.Name}{Place(error)}: {error.Message}");
            if (errors.Count == 0)
                Console.WriteLine($"{file.Name}: valid");
            return errors.Count == 0;
        }
        catch (SyntaxException e)
        {
            Console.WriteLine($"{file.Name}{Place(e.Error)}: {e.Error.Message}");
            return false;
        }
    }

    private static string Place(GraphQLError error) => error.Locations is [var first, ..] ? $":{first.Line}:{first.Column}" : "";

    private static Schema Read(FileInfo file)
    {
        try
        {
            return SdlSchemaBuilder.Build(File.ReadAllText(file.FullName));
        }
        catch (Exception e) when (e is SyntaxException or InvalidSchemaException)
        {
            throw new CommandException($"{file.Name} is no schema: {e.Message}");
        }
    }
}
