using System.CommandLine;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using CrmGraph.Tools.Schemas;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph schema print|diff|validate</c>: what this program's graph is, or any schema's, without a server or database.</summary>
public static class SchemaCommand
{
    public static Command Create() =>
        new("schema", "Prints this version's schema, compares schemas, and validates client documents.") {
            Print(),
            SchemaDiffCommand.Create(),
            SchemaValidateCommand.Create() };

    private static Command Print()
    {
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };
        var sdl = new Option<string?>("--schema", "-s") { Description = "Print this schema in canonical form; without it this version's.", HelpName = "FILE" };
        var command = new Command("print", "Prints the schema as SDL.") { output, sdl };
        command.SetAction(parsed =>
        {
            var text = SchemaPrinter.Print(parsed.GetValue(sdl) is { } given ? Read(given) : CrmSchema.Builder().Build()).TrimEnd('\n') + "\n";
            if (parsed.GetValue(output) is { } file)
                File.WriteAllText(file.FullName, text);
            else
                Console.Write(text);
        });
        return command;
    }

    private static Schema Read(string file)
    {
        var text = new SchemaText(File.ReadAllText(file));
        return text.Schema ?? throw new CommandException($"{file} is no valid schema: {string.Join(' ', text.Errors.Select(static e => e.Message))}");
    }
}
