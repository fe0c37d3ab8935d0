using System.CommandLine;

namespace CrmGraph.Tools.Commands;

public static class SchemaCommand
{
    public static Command Create() => new("schema", "x");
}
