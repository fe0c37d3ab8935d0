using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>Summaries from the documentation files that the compiler writes beside the assemblies. No file, no descriptions.</summary>
internal sealed class XmlDocumentation
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _files = [];

    public string? Of(MemberInfo member) => Text(Members(member.Module.Assembly).GetValueOrDefault(Id(member))?.Element("summary"))
        ?? RecordParameter(member) ?? Inherited(member);

    public string? Of(ParameterInfo parameter) => Parameter(parameter.Member, parameter.Name!);

    // A positional record documents its properties as parameters of the type.
    private string? RecordParameter(MemberInfo member) => member is PropertyInfo { DeclaringType: { } type } ? Parameter(type, member.Name) : null;

    /// <summary>A property without documentation has that of the interface's property that it implements.</summary>
    private string? Inherited(MemberInfo member) => member is PropertyInfo { DeclaringType: { IsInterface: false } type }
        ? type.GetInterfaces().Select(i => i.GetProperty(member.Name)).OfType<PropertyInfo>().Select(Of).FirstOrDefault(text => text is not null)
        : null;

    private string? Parameter(MemberInfo member, string name) => Text(Members(member.Module.Assembly).GetValueOrDefault(Id(member))?
        .Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == name));

    private Dictionary<string, XElement> Members(Assembly assembly)
    {
        if (!_files.TryGetValue(assembly, out var members))
            _files[assembly] = members = Read(assembly);
        return members;
    }

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var members = new Dictionary<string, XElement>(StringComparer.Ordinal);
        var path = assembly.Location.Length == 0 ? null : Path.ChangeExtension(assembly.Location, ".xml");
        if (path is null || !File.Exists(path))
            return members;
        try
        {
            foreach (var member in XDocument.Load(path).Descendants("member"))
                members[member.Attribute("name")?.Value ?? ""] = member;
        }
        catch (XmlException)
        {
            members.Clear();
        }

        return members;
    }

    private static string Id(MemberInfo member) => member switch
    {
        Type t => "T:" + TypeId(t),
        PropertyInfo p => $"P:{TypeId(p.DeclaringType!)}.{p.Name}",
        FieldInfo f => $"F:{TypeId(f.DeclaringType!)}.{f.Name}",
        MethodInfo m => MethodId(m),
        _ => "",
    };

    private static string MethodId(MethodInfo method)
    {
        var parameters = method.GetParameters();
        var name = $"M:{TypeId(method.DeclaringType!)}.{method.Name}";
        return parameters.Length == 0 ? name : $"{name}({string.Join(',', parameters.Select(p => ParameterId(p.ParameterType)))})";
    }

    private static string TypeId(Type type) => ((type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name).Replace('+', '.');

    private static string ParameterId(Type type)
    {
        if (type.IsArray)
            return ParameterId(type.GetElementType()!) + "[]";
        if (!type.IsGenericType)
            return TypeId(type);
        var name = TypeId(type);
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(ParameterId))}}}";
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
            return null;
        var text = new StringBuilder();
        Append(text, element);
        var words = text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : string.Join(' ', words);
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (var node in element.Nodes())
            switch (node)
            {
                case XText t:
                    text.Append(t.Value);
                    break;
                case XElement { HasElements: false, IsEmpty: true } e:
                    text.Append(Reference(e));
                    break;
                case XElement e:
                    Append(text, e);
                    break;
            }
    }

    private static string Reference(XElement e)
    {
        var name = e.Attribute("cref")?.Value ?? e.Attribute("langword")?.Value ?? e.Attribute("name")?.Value ?? "";
        var end = name.IndexOf('(', StringComparison.Ordinal);
        name = end < 0 ? name : name[..end];
        name = name[(name.LastIndexOf('.') + 1)..];
        return name is ['P' or 'F' or 'M' or 'T', ':', ..]
            ? name[2..]
            : e.Attribute("cref")?.Value.StartsWith("P:", StringComparison.Ordinal) == true ? Naming.Camel(name) : name;
    }
}
