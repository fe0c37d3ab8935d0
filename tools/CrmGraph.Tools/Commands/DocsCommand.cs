using System.CommandLine;
using CrmGraph.Tools.Docs;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph docs errors</c>: the pages that are made of the code.</summary>
public static class DocsCommand
{
    public static Command Create()
    {
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };
        var errors = new Command("errors", "Prints the page of all error codes and limits.") { output };
        errors.SetAction(parsed =>
        {
            if (parsed.GetValue(output) is { } file)
                File.WriteAllText(file.FullName, ErrorsPage.Print());
            else
                Console.Write(ErrorsPage.Print());
        });
        return new("docs", "Prints documentation that is made of this version's code.") { errors };
    }
}
