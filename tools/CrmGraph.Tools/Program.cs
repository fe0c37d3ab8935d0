using System.CommandLine;
using CrmGraph.Tools;
using CrmGraph.Tools.Commands;

var root = new RootCommand("crmgraph: the console of CrmGraph. It works on the database itself, beside running servers.")
{
    MigrateCommand.Create(),
    SeedCommand.Create(),
    ImportCommand.Create(),
    ImportsCommand.Create(),
    SimulateCommand.Create(),
    SchemaCommand.Create(),
    DocsCommand.Create(),
    KeysCommand.Create(),
    SettingsCommand.Create(),
    SettingsCommand.Rezone(),
    RollupsCommand.Create(),
};
// Without an argument there is nothing to do but to tell what can be done.
var command = root.Parse(args.Length == 0 ? ["--help"] : args);
var code = await Failures.ExplainAsync(() => command.InvokeAsync(new() { EnableDefaultExceptionHandler = false }));
return command.Errors.Count > 0 ? Failures.WrongUsage : code;
