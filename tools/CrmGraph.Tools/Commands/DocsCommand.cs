using System.CommandLine;
using CrmGraph.Tools.Docs;

namespace CrmGraph.Tools.Commands;

/// <summary><c>crmgraph docs</c>: the pages that are made of the code.</summary>
public static class DocsCommand
{
    public static Command Create() => new("docs", "Prints documentation that is made of this version's code.")
    {
        Page("errors", "Prints the page of all error codes and limits.", ErrorsPage.Print),
        Page("metrics", "Prints the page of all metrics, in English and Chinese.", MetricsPage.Print),
    };

    private static Command Page(string name, string about, Func<string> print)
    {
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "FILE" };
        var page = new Command(name, about) { output };
        page.SetAction(parsed =>
        {
            if (parsed.GetValue(output) is { } file)
                File.WriteAllText(file.FullName, print());
            else
                Console.Write(print());
        });
        return page;
    }
}
