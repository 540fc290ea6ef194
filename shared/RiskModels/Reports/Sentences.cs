using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace BoneMet.RiskModels;

/// <summary>
/// The platform's own sentences about a case (timeline, strands, notes, factors that are not taken) in three languages. They are stored in English; what
/// stands in them (numbers, names of files and encoders) is carried over as it is, words of the dictionary are put into the reader's language.
/// </summary>
public static partial class Sentences
{
    private const int MostFound = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>English with {places}, Chinese, Russian. The more special one stands before the more general one.</summary>
    private static readonly (string En, string Zh, string Ru)[] Known =
    [
        ("Case opened: {cancer}, {histology}.", "病例已建立：{cancer}，{histology}。", "Случай открыт: {cancer}, {histology}."),
        ("Case opened: {cancer}.", "病例已建立：{cancer}。", "Случай открыт: {cancer}."),
        ("Clinical factors received: {n}.", "已收到临床因素：{n}项。", "Получено клинических факторов: {n}."),
        ("Clinical factors coded: {n}.", "临床因素编码完成：{n}项。", "Кодировано клинических факторов: {n}."),
        ("Images received: {n} instances held.", "已收到影像：现有{n}个实例。", "Получены изображения; хранится экземпляров: {n}."),
        ("{modality} volume of {n} slices stored, lesion region {region}.", "已存储{modality}体数据（{n}层），病灶区域：{region}。", "Сохранён объём {modality}, срезов: {n}; область очага: {region}."),
        ("{modality} volume of {n} slices stored, seed point given.", "已存储{modality}体数据（{n}层），已给出种子点。", "Сохранён объём {modality}, срезов: {n}; задана точка очага."),
        ("{modality} volume of {n} slices stored, no lesion region.", "已存储{modality}体数据（{n}层），无病灶区域。", "Сохранён объём {modality}, срезов: {n}; области очага нет."),
        ("given", "已给出", "задана"),
        ("Slide received.", "已收到切片。", "Препарат получен."),
        ("Slide tiled: {n} tissue tiles.", "切片已切块：{n}个组织图块。", "Препарат нарезан; фрагментов ткани: {n}."),
        ("The images lie outside the range that the encoder {encoder} was trained on (distance {n}, limit {limit}).", "影像超出编码器{encoder}的训练范围（距离{n}，上限{limit}）。", "Изображения вне области, на которой обучен кодировщик {encoder} (расстояние {n}, предел {limit})."),
        ("{label} label withheld: {why}", "{label}标签未采用：{why}", "Метка ({label}) не используется: {why}"),
        ("{label} label computed by an untrained encoder: shown, not used.", "{label}标签由未训练的编码器计算：仅显示，不采用。", "Метка ({label}) вычислена необученным кодировщиком: показана, не используется."),
        ("{label} label computed by an encoder trained on synthetic data.", "{label}标签由以合成数据训练的编码器计算。", "Метка ({label}) вычислена кодировщиком, обученным на синтетических данных."),
        ("{label} label computed.", "{label}标签已计算。", "Метка ({label}) вычислена."),
        ("Imaging and pathology fused into one label: shown, enters no model.", "影像与病理已融合为一个标签：仅显示，不进入任何模型。", "Изображения и патология объединены в одну метку: показана, ни в одну модель не входит."),
        ("Announced, but it did not arrive in time.", "已预告，但未按时到达。", "Объявлено, но не поступило вовремя."),
        ("No result after {n} attempts.", "尝试{n}次后仍无结果。", "Нет результата; число попыток: {n}."),
        ("No result in time; asked again.", "未按时得到结果；已再次请求。", "Результата вовремя нет; запрошено повторно."),
        ("Prediction added: no probability, model {model}, from {strands}.", "新增预测：无概率，模型{model}，依据：{strands}。", "Прогноз добавлен: без вероятности, модель {model}, источники: {strands}."),
        ("Prediction added: {risk}, model {model}, from {strands}.", "新增预测：{risk}，模型{model}，依据：{strands}。", "Прогноз добавлен: {risk}, модель {model}, источники: {strands}."),
        ("The risk rose to the watched threshold of {threshold}: now {risk}.", "风险已升至监测阈值{threshold}：现为{risk}。", "Риск достиг отслеживаемого порога {threshold}: теперь {risk}."),
        ("The risk fell below the watched threshold of {threshold}: now {risk}.", "风险已降至监测阈值{threshold}以下：现为{risk}。", "Риск опустился ниже отслеживаемого порога {threshold}: теперь {risk}."),
        ("from {strands}", "依据：{strands}", "источники: {strands}"),
        ("Image labels computed by: none.", "影像标签计算设备：无。", "Метки изображений вычислены на: нет."),
        ("Image labels computed by: {provider}.", "影像标签计算设备：{provider}。", "Метки изображений вычислены на: {provider}."),
        ("Fused label {logit} (logit; {encoder}, trained on synthetic data); without imaging {imaging}, without pathology {pathology}. Shown; it enters no model.", "融合标签{logit}（logit；{encoder}，以合成数据训练）；无影像时{imaging}，无病理时{pathology}。仅显示，不进入任何模型。", "Объединённая метка {logit} (логит; {encoder}, обучен на синтетических данных); без изображений {imaging}, без патологии {pathology}. Показана; ни в одну модель не входит."),
        ("Fused label {logit} (logit; {encoder}); without imaging {imaging}, without pathology {pathology}. Shown; it enters no model.", "融合标签{logit}（logit；{encoder}）；无影像时{imaging}，无病理时{pathology}。仅显示，不进入任何模型。", "Объединённая метка {logit} (логит; {encoder}); без изображений {imaging}, без патологии {pathology}. Показана; ни в одну модель не входит."),
        ("{n} other image series of the case are not part of this volume", "该病例另有{n}个影像序列未纳入此体数据", "других серий случая, не вошедших в объём: {n}"),
        ("{n} instances came again with other bytes; the first ones were used", "{n}个实例再次到达但内容不同；采用先到的", "экземпляров, пришедших снова с другими байтами: {n}; взяты первые"),
        ("{n} regions were sent, none of them recognised as the primary lesion", "收到{n}个区域，均未识别为原发病灶", "областей прислано: {n}; ни одна не опознана как первичный очаг"),
        ("{n} regions were sent; '{region}' is used", "收到{n}个区域；采用“{region}”", "областей прислано: {n}; взята «{region}»"),
        ("{n} regions were sent", "收到{n}个区域", "областей прислано: {n}"),
        ("PET values are as stored, not converted to SUV", "PET数值为存储值，未换算为SUV", "значения ПЭТ как сохранены, в SUV не переведены"),
        ("no lesion region was given", "未给出病灶区域", "область очага не задана"),
        ("the series has a single slice", "该序列只有一层", "в серии один срез"),
        ("the gantry was tilted by {n} degrees; the volume keeps that shear", "机架倾斜{n}度；体数据保留该错切", "гентри наклонён на {n} градусов; сдвиг в объёме сохранён"),
        ("{n} of {all} images have another orientation or sampling and were left out", "{n}/{all}幅图像方向或采样不同，已剔除", "изображений другой ориентации или дискретизации, не взятых в объём: {n} из {all}"),
        ("{n} images repeat a position that another image has and were left out", "{n}幅图像位置重复，已剔除", "изображений, повторяющих положение других и не взятых: {n}"),
        ("{n} slices are missing; their place was filled from their neighbours", "缺少{n}层；已由相邻层填补", "отсутствует срезов: {n}; заполнены по соседним"),
        ("{n} slice distances are uneven; the volume was interpolated to even ones", "{n}处层间距不均；体数据已插值为等间距", "неравных расстояний между срезами: {n}; объём пересчитан на равные"),
        ("the file does not say its resolution; {n} µm per pixel is as stated with the upload", "文件未注明分辨率；{n} µm/像素为上传时所述", "файл не называет разрешения; {n} мкм на пиксель указано при загрузке"),
        ("the upload stated {stated} µm per pixel, the file says {n}; the file's counts", "上传时称{stated} µm/像素，文件为{n}；以文件为准", "при загрузке указано {stated} мкм на пиксель, в файле {n}; верно то, что в файле"),
        ("the slide has {n} µm per pixel, coarser than the {wanted} that tiles are counted at", "切片为{n} µm/像素，比切块所需的{wanted}粗", "в препарате {n} мкм на пиксель, грубее {wanted}, на которых считаются фрагменты"),
        ("The case holds no CT, MR or PET series to make a volume of (it holds: {modalities}).", "该病例没有可生成体数据的CT、MR或PET序列（现有：{modalities}）。", "В случае нет серии КТ, МРТ или ПЭТ для объёма (есть: {modalities})."),
        ("The region '{region}' was asked for, but no RTSTRUCT or SEG was sent.", "请求了区域“{region}”，但未收到RTSTRUCT或SEG。", "Запрошена область «{region}», но RTSTRUCT или SEG не прислан."),
        ("No region is named '{region}'; there are: {regions}.", "没有名为“{region}”的区域；现有：{regions}。", "Области «{region}» нет; есть: {regions}."),
        ("An image of the series has no pixels.", "序列中有一幅图像没有像素。", "В одном изображении серии нет пикселей."),
        ("No image of the series says where it lies in the patient, so no volume can be made.", "序列中没有图像注明其在患者体内的位置，无法生成体数据。", "Ни одно изображение серии не называет своего положения в пациенте, объём построить нельзя."),
        ("The {n} images of the series lie too far apart from each other to make one volume.", "序列的{n}幅图像相距过远，无法构成一个体数据。", "Изображения серии ({n}) лежат слишком далеко друг от друга для одного объёма."),
        ("Images with {stored} bits stored in {allocated} (high bit {high}) cannot be read.", "无法读取以{allocated}位存储{stored}位（最高位{high}）的图像。", "Изображения с {stored} битами в {allocated} (старший бит {high}) прочитать нельзя."),
        ("The images cannot be made into a volume: {why}.", "无法由这些图像生成体数据：{why}。", "Из этих изображений нельзя построить объём: {why}."),
        ("The slide has no tissue tile, so no label can be computed.", "切片没有组织图块，无法计算标签。", "В препарате нет фрагментов ткани, метку вычислить нельзя."),
        ("The slide is not in the store any more.", "切片已不在存储中。", "Препарата в хранилище больше нет."),
        ("The image holds values that are not numbers, so no label can be computed.", "图像含有非数值，无法计算标签。", "В изображении есть значения, не являющиеся числами; метку вычислить нельзя."),
        ("The lesion mask holds no voxel.", "病灶掩膜为空。", "Маска очага пуста."),
        ("The lesion mask lies outside the images.", "病灶掩膜位于图像之外。", "Маска очага лежит вне изображений."),
        ("The seed point lies outside the images.", "种子点位于图像之外。", "Точка очага лежит вне изображений."),
        ("There is no encoder for {strand}.", "没有用于{strand}的编码器。", "Кодировщика для этого источника нет: {strand}."),
        ("{factor} is given twice with different values: {one} and {other}", "{factor}给出了两次且取值不同：{one}和{other}", "{factor}: задано дважды с разными значениями: {one} и {other}"),
        ("{factor} must have a number or a level, not neither", "{factor}必须有数值或水平", "{factor}: нужно число или уровень"),
        ("{factor} must have a number or a level, not both", "{factor}只能有数值或水平之一", "{factor}: нужно или число, или уровень, а не оба"),
        ("{factor} is not a finite number", "{factor}不是有限数值", "{factor}: не конечное число"),
        ("'{name}' is not in the factor dictionary", "因素词典中没有“{name}”", "«{name}» нет в словаре факторов"),
        ("{factor} has levels, not a unit; '{unit}' was given", "{factor}是分类因素，没有单位；给出了“{unit}”", "{factor}: у этого фактора уровни, а не единица; дано «{unit}»"),
        ("{factor} has no level '{level}'; known: {levels}", "{factor}没有水平“{level}”；可用：{levels}", "{factor}: нет уровня «{level}»; известны: {levels}"),
        ("{factor} is a number in {unit}; '{level}' was given", "{factor}是数值，单位{unit}；给出了“{level}”", "{factor}: число в {unit}; дано «{level}»"),
        ("{factor} is a number; '{level}' was given", "{factor}是数值；给出了“{level}”", "{factor}: число; дано «{level}»"),
        ("{factor} cannot be given in '{wrong}'; use {unit}", "{factor}不能用单位“{wrong}”；请用{unit}", "{factor}: единица «{wrong}» не подходит; нужна {unit}"),
        ("{factor} has no unit; use {unit}", "{factor}缺少单位；请用{unit}", "{factor}: нет единицы; нужна {unit}"),
        ("{factor} = {value} is impossible; it must lie between {low} and {high}", "{factor} = {value}，不可能；应在{low}与{high}之间", "{factor} = {value}: невозможно; должно лежать между {low} и {high}"),
        ("{factor} = {value} must be a whole number", "{factor} = {value}，须为整数", "{factor} = {value}: нужно целое число"),
        ("{factor} is {level}, but {n} of brain, liver and lung metastasis are 'yes'", "{factor}为{level}，但脑、肝、肺转移中有{n}项为“是”", "{factor}: {level}, но из метастазов в мозг, печень и лёгкие «да» указано: {n}"),
        ("{factor} is {level}, but the Gleason score is {n}", "{factor}为{level}，但Gleason评分为{n}", "{factor}: {level}, но сумма Глисона {n}"),
        ("{factor} is {level}, but other-metastatic-sites is {n}", "{factor}为{level}，但其他转移部位数为{n}", "{factor}: {level}, но число других метастазов {n}"),
        ("{factor} is {level}, but {other} is 'yes'", "{factor}为{level}，但{other}为“是”", "{factor}: {level}, но «{other}» — да"),
        ("{factor} is '{level}', but {facts} means '{other}'", "{factor}为“{level}”，但{facts}表示“{other}”", "{factor}: «{level}», но {facts} означает «{other}»"),
        ("value must be a number or a text.", "取值须为数值或文字。", "значение должно быть числом или текстом."),
        ("it has no name.", "没有名称。", "нет названия."),
    ];

    private static readonly FrozenDictionary<string, (string En, string Zh, string Ru)> Plain = Known.Where(one => !one.En.Contains('{', StringComparison.Ordinal)).ToFrozenDictionary(one => one.En, StringComparer.Ordinal);

    private static readonly (Regex Pattern, string Zh, string Ru)[] Patterns = [.. Known.Where(one => one.En.Contains('{', StringComparison.Ordinal)).Select(one => (Pattern(one.En), one.Zh, one.Ru))];

    /// <summary>The same sentences come again with every look at a case.</summary>
    private static readonly ConcurrentDictionary<string, LocalText?> Found = new(StringComparer.Ordinal);

    /// <summary>Every sentence in English, for a test that runs over them.</summary>
    internal static IEnumerable<string> All => Known.Select(one => one.En);

    /// <summary>The sentence in three languages; null for one that the platform has no words for.</summary>
    public static LocalText? Find(string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        if (Found.TryGetValue(sentence, out var known)) { return known; }
        if (Found.Count >= MostFound) { Found.Clear(); }
        return Found[sentence] = LookUp(sentence);
    }

    /// <summary>The sentence in <paramref name="language"/>, or as it is when the platform has no words for it.</summary>
    public static string In(string sentence, string language) => Find(sentence)?.In(language) ?? sentence;

    private static LocalText? LookUp(string sentence)
    {
        if (Plain.TryGetValue(sentence, out var plain)) { return new() { En = sentence, Zh = plain.Zh, Ru = plain.Ru }; }
        foreach (var (pattern, zh, ru) in Patterns)
        {
            if (pattern.Match(sentence) is { Success: true } match) { return new() { En = sentence, Zh = Fill(zh, match, "zh"), Ru = Fill(ru, match, "ru") }; }
        }
        var note = OfStrand().Match(sentence);
        return note.Success && Find(note.Groups["note"].Value) is { } rest
            ? new() { En = sentence, Zh = $"{ReportWords.In(note.Groups["strand"].Value, "zh")}：{rest.Zh}", Ru = $"{ReportWords.In(note.Groups["strand"].Value, "ru")}: {rest.Ru}" }
            : null;
    }

    private static Regex Pattern(string english)
    {
        var pattern = new StringBuilder("^");
        var from = 0;
        foreach (Match place in Place().Matches(english))
        {
            pattern.Append(Regex.Escape(english[from..place.Index])).Append("(?<").Append(place.Groups[1].Value).Append(">.+?)");
            from = place.Index + place.Length;
        }
        return new Regex(pattern.Append(Regex.Escape(english[from..])).Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline, Patience);
    }

    private static string Fill(string template, Match match, string language) => Place().Replace(template, place => Value(place.Groups[1].Value, match.Groups[place.Groups[1].Value].Value, language));

    private static string Value(string place, string value, string language) => place switch
    {
        "cancer" => CaseReport.Level("cancer-type", value, language),
        "histology" => CaseReport.Level("histology", value, language),
        "strand" => ReportWords.In(value, language),
        "strands" => string.Join(", ", value.Split(", ").Select(strand => ReportWords.In(strand, language))),
        "label" => ReportWords.In(value.ToLowerInvariant(), language),
        "factor" => FactorDictionary.Find(value)?.Label.In(language) ?? value,
        "other" when FactorDictionary.Find(value) is { } factor => factor.Label.In(language),
        "why" or "region" => In(value, language),
        _ => value,
    };

    [GeneratedRegex("\\{(\\w+)\\}")]
    private static partial Regex Place();

    [GeneratedRegex("^(?<strand>imaging|pathology|clinical): (?<note>.+)$", RegexOptions.Singleline)]
    private static partial Regex OfStrand();
}
