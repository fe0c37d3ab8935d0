using CrmGraph.Reporting.Imports.Records;
using CrmGraph.Reporting.Imports.Values;

namespace CrmGraph.Reporting.Imports.Suggesting;

/// <summary>How files write choices in English, German and Chinese, where they do not write them as this program does.</summary>
internal static class ChoiceWords
{
    private static readonly (string Target, string Choice, string[] Texts)[] Known =
    [
        ("customer.gender", "MALE", ["m", "male", "man", "mr", "mr.", "männlich", "mann", "herr", "男", "男性", "先生"]),
        ("customer.gender", "FEMALE", ["f", "w", "female", "woman", "ms", "mrs", "ms.", "mrs.", "weiblich", "frau", "女", "女性", "女士"]),
        ("customer.kind", "PERSON", ["b2c", "private", "consumer", "individual", "privat", "privatkunde", "个人", "个人客户"]),
        ("customer.kind", "COMPANY", ["b2b", "business", "corporate", "organization", "firma", "firmenkunde", "geschäftskunde", "企业", "企业客户", "公司"]),
        ("ticket.kind", "COMPLAINT", ["problem", "incident", "bug", "beschwerde", "reklamation", "投诉"]),
        ("ticket.kind", "ENQUIRY", ["question", "request", "inquiry", "task", "anfrage", "frage", "咨询"]),
        ("ticket.priority", "LOW", ["niedrig", "gering", "低"]),
        ("ticket.priority", "NORMAL", ["medium", "mittel", "中", "普通", "一般"]),
        ("ticket.priority", "HIGH", ["hoch", "高"]),
        ("ticket.priority", "URGENT", ["critical", "dringend", "kritisch", "紧急"]),
        ("opportunity.status", "WON", ["closed won", "closedwon", "gewonnen", "赢单", "成交", "已成交"]),
        ("opportunity.status", "LOST", ["closed lost", "closedlost", "verloren", "输单", "丢单", "流失"]),
        ("opportunity.status", "OPEN", ["active", "in progress", "offen", "aktiv", "进行中", "跟进中"]),
        ("interaction.kind", "CALL", ["phone", "telephone", "anruf", "telefonat", "电话"]),
        ("interaction.kind", "EMAIL", ["mail", "e-mail", "邮件"]),
        ("interaction.kind", "MEETING", ["appointment", "termin", "treffen", "会议"]),
        ("interaction.kind", "VISIT", ["besuch", "拜访"]),
        ("interaction.kind", "NOTE", ["notiz", "备注"]),
    ];

    /// <summary>The choice that a text means; null when nobody knows.</summary>
    public static string? Of(string target, string text) =>
        Known.Where(k => k.Target == target && k.Texts.Contains(text.Trim().ToLowerInvariant())).Select(k => k.Choice).FirstOrDefault();

    public static bool Reads(FieldType type, string text)
    {
        try
        {
            _ = type.ReadChoice(text);
            return true;
        }
        catch (ValueException)
        {
            return false;
        }
    }

    /// <summary>How an opportunity in this stage ended; null while it is open.</summary>
    public static string? EndOf(string stage)
    {
        var text = stage.ToLowerInvariant();
        return Any("won", "gewonnen", "赢单", "成交") && !Any("未成交", "预计") ? "WON" : Any("lost", "verloren", "输单", "丢单", "流失") ? "LOST" : null;

        bool Any(params string[] words) => words.Any(word => text.Contains(word, StringComparison.Ordinal));
    }
}
