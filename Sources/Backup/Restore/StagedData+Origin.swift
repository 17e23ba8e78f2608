internal import FoundationEssentials
internal import Model

extension StagedData {
    /// Where it is from; written when all of it is checked and on stable storage.
    struct Origin: Codable, Hashable, Sendable {
        enum Source: Codable, Hashable, Sendable {
            case run(BackupRunID, host: String, target: String)
            case vanilla(version: String, target: String)
            case imported(from: String, at: Timestamp)
        }

        var source: Source
        var archive: VolumeArchive

        enum CodingKeys: String, CodingKey { case source, archive }

        /// For people: in the storage; of an import, what was copied.
        var bytes: Int64 {
            if case .imported = source { return archive.read?.bytes ?? 0 }
            return archive.bytes
        }
    }
}

extension StagedData.Origin {
    static func decoded(_ bytes: [UInt8]) throws -> Self { try JSONDecoder().decode(Self.self, from: Data(bytes)) }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        source = try members.decode(Source.self, forKey: .source)
        if case .imported = source {
            archive = try members.decode(ImportedArchive.self, forKey: .archive).archive
        } else {
            archive = try members.decode(VolumeArchive.self, forKey: .archive)
        }
    }
}

/// What is imported has no parts; an older fairlead wrote the file that it came from as one, without a digest.
private struct ImportedArchive: Decodable {
    private struct Part: Decodable { var bytes: Int64 }

    let archive: VolumeArchive

    private enum CodingKeys: String, CodingKey { case content, load, read, parts }

    private static func sum(
        of parts: [Part], in members: KeyedDecodingContainer<CodingKeys>
    ) throws -> Int64 {
        try parts.reduce(0) { sum, part in
            let (total, isTooLarge) = sum.addingReportingOverflow(part.bytes)
            guard part.bytes >= 0, !isTooLarge else {
                throw DecodingError.dataCorruptedError(
                    forKey: .parts, in: members, debugDescription: "the parts have no size that there is")
            }
            return total
        }
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let parts = try members.decode([Part].self, forKey: .parts)
        let read = try members.decodeIfPresent(DataExtent.self, forKey: .read)
        archive = VolumeArchive(
            content: try members.decode(VolumeArchive.Content.self, forKey: .content), isEncrypted: false, parts: [],
            load: try members.decodeIfPresent([String].self, forKey: .load),
            read: try read ?? DataExtent(bytes: Self.sum(of: parts, in: members)))
    }
}
