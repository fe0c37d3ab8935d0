using System.Linq.Expressions;

namespace CrmGraph.Data.Statements;

/// <summary>The projection of prepared statements: as many columns as there are, each under its number.</summary>
internal sealed class WideRow
{
    public const int MaximumColumns = 64;

    private static readonly string[] Names = [.. Enumerable.Range(0, MaximumColumns).Select(i => $"C{i}")];

    public static string NameOf(int column) => Names[column];

    /// <summary>A function from the row to these expressions over it.</summary>
    public static LambdaExpression Projection(ParameterExpression row, IReadOnlyList<Expression> columns) => Expression.Lambda(
        Expression.MemberInit(
            Expression.New(typeof(WideRow)),
            columns.Select((c, i) => Expression.Bind(typeof(WideRow).GetField(Names[i])!, Expression.Convert(c, typeof(object))))),
        row);

#pragma warning disable CS0649, CA1051 // Never made: EF only reads the names.
    public object? C0, C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13, C14, C15;
    public object? C16, C17, C18, C19, C20, C21, C22, C23, C24, C25, C26, C27, C28, C29, C30, C31;
    public object? C32, C33, C34, C35, C36, C37, C38, C39, C40, C41, C42, C43, C44, C45, C46, C47;
    public object? C48, C49, C50, C51, C52, C53, C54, C55, C56, C57, C58, C59, C60, C61, C62, C63;
#pragma warning restore CS0649, CA1051
}
