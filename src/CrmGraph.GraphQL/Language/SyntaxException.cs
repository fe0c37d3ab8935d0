using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Language;

/// <summary>The document cannot be read: a mistake of syntax or a limit of the parser. <see cref="Error"/> is what the client gets.</summary>
public sealed class SyntaxException(GraphQLError error) : Exception(error.Message)
{
    public GraphQLError Error { get; } = error;

    /// <summary>Finds line and column of an offset. Done only when there is an error, so that the lexer need not know them inside tokens.</summary>
    internal static SyntaxException At(string source, int position, string message, string code = ErrorCodes.SyntaxError)
    {
        int line = 1, lineStart = 0;
        for (var i = 0; i < position && i < source.Length; i++)
        {
            if (source[i] == '\r' && i + 1 < source.Length && source[i + 1] == '\n')
                i++;
            else if (source[i] is not ('\n' or '\r'))
                continue;
            line++;
            lineStart = i + 1;
        }

        return new(new GraphQLError(message) { Code = code, Locations = [new SourceLocation(line, position - lineStart + 1)] });
    }
}
