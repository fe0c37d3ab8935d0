using System.CommandLine;

namespace CrmGraph.Tools.Commands;

public static class SeedCommand
{
    public static Command Create() => new("seed", "x");
}
