using Spectre.Console;

namespace CrmGraph.Tools;

/// <summary>Tables for people and for pipes: without a terminal nothing is wrapped or cut.</summary>
public static class Tables
{
    private const int PipeCharacters = 400;

    public static void Write(Table table)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = PipeCharacters;
        AnsiConsole.Write(table);
    }
}
