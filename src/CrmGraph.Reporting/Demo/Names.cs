namespace CrmGraph.Reporting.Demo;

/// <summary>Where customers live and how people and companies there are called. All persons and firms are invented.</summary>
internal static class Names
{
    public static readonly string[] EnglishGiven = ["Alice", "Ben", "Chloe", "Daniel", "Emma", "Frank", "Grace", "Henry", "Isla", "Jack", "Kate", "Liam",
        "Mia", "Noah", "Olivia", "Peter", "Ruby", "Sam", "Tessa", "Will"];
    public static readonly string[] EnglishFamily = ["Adams", "Baker", "Carter", "Dawson", "Ellis", "Foster", "Graham", "Hughes", "Irving", "Jensen",
        "Keller", "Lewis", "Morgan", "Nolan", "O'Brien", "Parker", "Quinn", "Reid", "Schäfer", "Turner"];
    public static readonly string[] ChineseFamily = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗"];
    public static readonly string[] ChineseGiven
        = ["伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "小明", "晓华", "雨桐", "子涵", "浩然", "欣怡"];
    public static readonly string[] EnglishFirm
        = ["Northwind", "Blue Harbour", "Oakfield", "Silverline", "Redstone", "Greenway", "Lakeside", "Brightwater", "Stonebridge", "Whitfield"];
    public static readonly string[] EnglishFirmKind = ["Trading Ltd", "Foods GmbH", "Hotels plc", "Stores Inc", "Catering Ltd", "Interiors LLC"];
    public static readonly string[] ChineseFirm = ["华兴", "东方", "恒达", "金桥", "瑞丰", "天成", "宏远", "新源", "百川", "卓越"];
    public static readonly string[] ChineseFirmKind = ["贸易有限公司", "酒店管理有限公司", "食品有限公司", "科技有限公司", "餐饮有限公司"];

    public static readonly Place[] Places =
    [
        new("Germany", "Hamburg", "Hamburg", "EUR", 0, 15), new("Germany", "Berlin", "Berlin", "EUR", 0, 10), new("Germany", "Bayern", "München", "EUR", 0, 8),
        new("United Kingdom", "England", "London", "GBP", -1, 9), new("China", "华东", "上海", "CNY", 7, 16), new("China", "华东", "杭州", "CNY", 7, 6),
        new("China", "华北", "北京", "CNY", 7, 9), new("China", "华南", "广州", "CNY", 7, 5), new("China", "华南", "深圳", "CNY", 7, 6), new(
            "China",
            "西南",
            "成都",
            "CNY",
            7,
            4),
        new("United States", "California", "San Francisco", "USD", -9, 5), new("United States", "New York", "New York", "USD", -6, 7),
    ];

    public static readonly double[] PlaceWeights = [.. Places.Select(p => p.Weight)];

    public static readonly string[] Occupations = ["Engineer", "Teacher", "Designer", "Nurse", "Manager", "Student", "教师", "工程师", "医生", "设计师"];
    public static readonly string[] Industries = ["Hospitality", "Retail", "Food service", "Technology", "Education"];
    public static readonly string[] Interests = ["green tea", "black tea", "teaware", "coffee", "gifts", "books"];
    public static readonly string[] Channels = ["Web", "Store", "Marketplace", "Phone", "Partner", "Social"];
    /// <summary>In percent of the customers who become known.</summary>
    public static readonly double[] ChannelWeights = [36, 16, 20, 6, 8, 14];

    public static double ChannelShare(string channel) => ChannelWeights[Array.IndexOf(Channels, channel)] / 100;
}

/// <param name="HoursAhead">Of the company's own time.</param>
internal sealed record Place(string Country, string Region, string City, string Currency, int HoursAhead, double Weight)
{
    public bool IsChinese => Country == "China";
}
