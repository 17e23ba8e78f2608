import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

/// T1: what a plan may write of a remote's options is looked at in the words of rclone itself (C1).
@Suite("Options of rclone that plans may write", .enabled(if: RcloneServer.isInstalled))
struct RcloneOptionTests {
    private struct Provider: Decodable {
        struct Option: Decodable {
            let name: String
            let help: String

            enum CodingKeys: String, CodingKey {
                case name = "Name"
                case help = "Help"
            }
        }

        let name: String
        let options: [Option]

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case options = "Options"
        }
    }

    /// Options whose help speaks of files, paths and the like and that are harmless all the same, with the reason.
    private static let harmless: [String: String] = [
        "azureblob access_tier": "'remote' is the storage's own blob",
        "azureblob disable_checksum": "'file' is what is uploaded", "b2 chunk_size": "'file' is what is uploaded",
        "azureblob upload_concurrency": "'file' is what is uploaded",
        "b2 copy_cutoff": "'file' is what is copied there",
        "azureblob chunk_size": "'file' is what is uploaded", "b2 disable_checksum": "'file' is what is uploaded",
        "b2 hard_delete": "'file' and 'remote' are the storage's", "b2 upload_cutoff": "'file' is what is uploaded",
        "ftp concurrency": "'file' is what is transferred", "s3 chunk_size": "'file' is what is uploaded",
        "s3 copy_cutoff": "'file' is what is copied there", "s3 disable_checksum": "'file' is what is uploaded",
        "s3 endpoint": "'path' is a word of one provider's addresses",
        "s3 force_path_style": "the 'path' is that of the URL, with the bucket in it",
        "s3 list_url_encode": "'file' names are those in the bucket",
        "s3 upload_concurrency": "'file' is what is uploaded", "s3 upload_cutoff": "'file' is what is uploaded",
        "sftp chunk_size": "a size; 'command' is in its advice about servers",
        "sftp concurrency": "a number; of requests for one 'file' there",
        "sftp disable_hashcheck": "a switch: whether the server is asked for hashes by the 'command' that rclone knows",
        "sftp key_file_pass": "the password of the key in 'key_pem'; no file is named",
        "sftp key_pem": "the key itself, in place of a 'file'", "swift chunk_size": "'file' is what is uploaded",
        "swift no_large_objects": "'file' is what is uploaded",
    ]

    private func providers() async throws -> [Provider] {
        let rclone = try #require(Command.find("rclone"))
        let environment = Command.plainEnvironment.merging(["RCLONE_CONFIG": "/dev/null"]) { $1 }
        let listed = try await Command(rclone, ["config", "providers"], environment: environment).run()
        return try JSONDecoder().decode([Provider].self, from: Data(listed.output))
    }

    @Test("no name and no help of one speaks of a command, file, path or remote, but for those that are looked at")
    func names() async throws {
        let known = try await providers()
        for (type, accepted) in RemoteOptions.accepted {
            let provider = try #require(known.first { $0.name == type }, "rclone has no type '\(type)'")
            for option in provider.options where accepted.contains(option.name) {
                let text = "\(option.name) \(option.help)"
                guard text.firstMatch(of: /command|exec|file|path|remote/.ignoresCase()) != nil else { continue }
                #expect(Self.harmless["\(type) \(option.name)"] != nil, "\(type) \(option.name): \(option.help)")
            }
            let unknown = accepted.subtracting(provider.options.map(\.name))
            #expect(unknown.isEmpty, "\(type): rclone has no \(unknown.sorted())")
        }
    }

    @Test("what is said to be harmless is accepted, or it need not be said")
    func harmless() {
        for entry in Self.harmless.keys {
            let parts = entry.split(separator: " ").map(String.init)
            #expect(RemoteOptions.accepted[parts[0]]?.contains(parts[1]) == true, "\(entry)")
        }
    }

    @Test("neither a path nor the value of an option becomes another remote")
    func tricks() async throws {
        let host = try HostFixture()
        let server = try await RcloneServer(.webdav)
        let victim = try host.scratch.write("secret", to: "victim/file")
        for path in [":local:\(host.scratch.path)/victim", "x,type=local:\(host.scratch.path)/victim", "victim"] {
            let store = try await rcloneStore(server.webdav, path: path, of: host)
            let seen = try? await store.content(of: "file", limit: 100)
            #expect(seen != Array("secret".utf8))
            try? await store.put(file: try host.scratch.write("x", to: "upload"), as: "file")
            #expect(try content(victim) == "secret")
        }
        for url in [":local:\(host.scratch.path)/victim", "TARGET,type=local:\(host.scratch.path)/victim"] {
            let store = try await rcloneStore(server.webdav.merging(["url": url]) { $1 }, path: "", of: host)
            await #expect(throws: HostError.self) { _ = try await store.entries() }
        }
    }
}
