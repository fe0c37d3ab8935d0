using System.CommandLine;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;
using CrmGraph.Reporting;
using CrmGraph.Tools.Schemas;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph schema print|diff|validate|cache</c>: what this program's graph is, or any schema's, without a server or database.</summary>
public static class SchemaCommand
{
    public static Command Create() =>
        new("schema", "Prints this version's schema, compares schemas, validates client documents, and configures the caches of clients.") {
            Print(),
            SchemaDiffCommand.Create(),
            SchemaValidateCommand.Create(),
            Cache() };

    private static Command Print()
    {
        var output = Output();
        var sdl = new Option<string?>("--schema", "-s") { Description = "Print this schema in canonical form; without it this version's.", HelpName = "FILE" };
        var command = new Command("print", "Prints the schema as SDL.") { output, sdl };
        command.SetAction(parsed => Write(SchemaPrinter.Print(Read(parsed.GetValue(sdl))).TrimEnd('\n') + "\n", parsed.GetValue(output)));
        return command;
    }

    private static Command Cache()
    {
        var client = new Argument<string>("client") { Description = "apollo, urql (Graphcache) or relay." };
        client.AcceptOnlyFromAmong([.. ClientCaches.Clients.Keys]);
        var output = Output();
        var sdl = new Option<string?>("--schema", "-s") { Description = "For this schema; without it this version's.", HelpName = "FILE" };
        var command = new Command("cache", "Prints the configuration of a client's cache for the schema, as TypeScript.") { client, output, sdl };
        command.SetAction(parsed => Write(ClientCaches.Clients[parsed.GetRequiredValue(client)](Read(parsed.GetValue(sdl))), parsed.GetValue(output)));
        return command;
    }

    private static Option<FileInfo?> Output() => new("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };

    private static void Write(string text, FileInfo? file)
    {
        if (file is null)
            Console.Write(text);
        else
            File.WriteAllText(file.FullName, text);
    }

    private static Schema Read(string? file)
    {
        if (file is null)
            return CrmSchema.Builder().Build();
        var text = new SchemaText(File.ReadAllText(file));
        return text.Schema ?? throw new CommandException($"{file} is no valid schema: {string.Join(' ', text.Errors.Select(static e => e.Message))}");
    }
}
