using System.Text;

namespace CrmGraph.Data.Model;

/// <summary>The one convention for names in the database: <c>OrderLines.CustomerId</c> is <c>order_lines.customer_id</c>, <c>TeamMember</c> is <c>TEAM_MEMBER</c>.</summary>
public static class SnakeCase
{
    public static string Lower(string name) => Split(name).ToLowerInvariant();

    public static string Upper(string name) => Split(name).ToUpperInvariant();

    private static string Split(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
                text.Append('_');
            text.Append(name[i]);
        }
        return text.ToString();
    }
}
