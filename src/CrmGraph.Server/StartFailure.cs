using System.Data.Common;
using CrmGraph.GraphQL.Annotations;
using Microsoft.AspNetCore.Connections;

namespace CrmGraph.Server;

/// <summary>What an operator can do something about, in one line. Anything else keeps its stack trace.</summary>
public static class StartFailure
{
    public static string? Explain(Exception failure) => failure switch
    {
        OptionsException => failure.Message,
        // Connection strings that cannot be, migrations that were changed, a database of a newer version.
        ArgumentException or SchemaException => failure.Message,
        InvalidOperationException when failure.InnerException is null => failure.Message,
        InvalidOperationException { InnerException: DbException inner } => $"the database cannot be used: {inner.Message}",
        DbException => $"the database cannot be used: {failure.Message}",
        IOException { InnerException: AddressInUseException } =>
            $"{failure.Message} Another server may run there already; --urls http://127.0.0.1:PORT chooses another port.",
        // Kestrel's, of addresses.
        FormatException when failure.Message.Contains("url", StringComparison.OrdinalIgnoreCase) =>
            $"{failure.Message.TrimEnd('.')}. --urls takes addresses such as http://127.0.0.1:5000, with ; between several.",
        IOException or UnauthorizedAccessException => failure.Message,
        _ => null,
    };
}
