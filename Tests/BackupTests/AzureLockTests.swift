import Files
import Foundation
import HostSupport
import Model
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

/// J4: immutability of Azure is read back as S3's locks are.
@Suite(.enabled(if: mustRun || RcloneServer.isInstalled))
struct AzureLockTests {
    let host: HostFixture
    private static let key = "8jqRVtXUWiEthgIhR+dFwrB8gh3lFuquvJQ1v4eabObIj7okI1cZIuzY8zZHmEdpcC0f+XlUkbFwAhjTfyrLIg=="

    init() throws { host = try HostFixture() }

    private func store(_ options: [String: String], path: String = "backup/acme") async throws -> BackupStore {
        try await rcloneStore(options.merging(["type": "azureblob"]) { $1 }, path: path, of: host)
    }

    private func until(_ days: Double) -> String {
        "x-ms-immutability-policy-until-date: "
            + HTTPDate.text(Timestamp(milliseconds: Timestamp.now.milliseconds + Int64(days * 86_400_000)))
    }

    /// Values from the tests of a server of Microsoft's own.
    @Test(
        "a request is signed as Azure wants it",
        arguments: [
            (
                "GET", "/test",
                [
                    "restype": "container", "comp": "list", "prefix": "te",
                    "include": "snapshots,uncommittedblobs,metadata,copy",
                ], "", "rB2yPGBXn3CtquDlk03An34hgRHIibK/Xv+hjG3r0Us="
            ),
            ("PUT", "/test%20encoded", [:], "0", "CVlJHA7FdyqJ75pPkufGavOsXEtzcr5RAWd3R5fEolA="),
        ] as [(String, String, [String: String], String, String)])
    func signature(
        method: String, path: String, query: [String: String], length: String, signature: String
    ) throws {
        let headers = [
            "x-ms-version": "2014-02-14", "x-ms-client-request-id": "adfb540e-1050-4c9b-a53a-be6cb71688d3",
            "x-ms-date": "Fri, 31 Oct 2014 22:50:34 GMT",
        ]
        let key = try #require(AzureKey("dashstorage1", Self.key))
        #expect(
            key.authorization(method, path: path, query: query, length: length, headers: headers)
                == "SharedKey dashstorage1:\(signature)")
    }

    @Test(
        "moments are those of HTTP, both ways",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Mon, 28 Jun 2021 05:55:48 GMT", 1_624_859_748),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Sat, 28 Nov 2026 19:10:17 GMT", 1_795_893_017),
        ] as [(String, Int64)])
    func moments(text: String, seconds: Int64) {
        #expect(HTTPDate.moment(text) == Timestamp(milliseconds: seconds * 1000))
        #expect(HTTPDate.text(Timestamp(milliseconds: seconds * 1000)) == text)
    }

    @Test("a policy that is locked, one that can be lifted, one that is too short and none are told apart")
    func policies() async throws {
        let server = try AzureBlobServer([
            "/backup/acme/R/good": [until(180), "x-ms-immutability-policy-mode: locked"],
            "/backup/acme/R/Good%20b%2Bc": [until(180), "x-ms-immutability-policy-mode: Locked"],
            "/backup/acme/R/lifted": [until(180), "x-ms-immutability-policy-mode: unlocked"],
            "/backup/acme/R/short": [until(100), "x-ms-immutability-policy-mode: locked"],
            "/backup/acme/R/mutable": [until(180), "x-ms-immutability-policy-mode: mutable"],
            "/backup/acme/R/none": [],
            // Of a container, not of the blob: nobody tells how long it holds.
            "/backup/acme/R/hold": ["x-ms-legal-hold: true"],
        ])
        let store = try await store(["account": "acme", "key": Self.key, "endpoint": server.url])
        #expect(store.canLock)
        let names = ["good", "Good b+c", "lifted", "short", "mutable", "none", "hold"]
        let found = try await store.unlocked(names.map { "R/\($0)" }, for: PlanDuration("180d"))
        #expect(
            found == [
                "'R/lifted' is locked in mode 'unlocked', which can be lifted",
                "'R/short' is locked for less than 180d",
                "'R/mutable' is locked in mode 'mutable', which can be lifted", "'R/none' is not locked",
                "'R/hold' is not locked",
            ])
        #expect(server.requests.allSatisfy { $0.hasPrefix("HEAD /backup/acme/R/") })
        #expect(server.requests.allSatisfy { $0.contains("x-ms-version: 2020-08-04") })
    }

    @Test("a shared access signature opens it, for the container or for the account", arguments: ["", "/backup"])
    func sharedAccess(path: String) async throws {
        let server = try AzureBlobServer([
            "/backup/acme/R/good": [until(2), "x-ms-immutability-policy-mode: locked"]
        ])
        let store = try await store(["sas_url": "\(server.url)\(path)?sv=2020-08-04&sp=rcl&sig=canary%2Bx%3D"])
        let lock = try #require(try await store.retention(of: "R/good"))
        #expect(lock.mode == .compliance)
        #expect(lock.until > .now)
        let request = try #require(server.requests.first)
        #expect(request.contains("/backup/acme/R/good?sv=2020-08-04&sp=rcl&sig=canary%2Bx%3D "), "\(request)")
        #expect(!request.lowercased().contains("authorization:"))
    }

    @Test(
        "what a server does not tell is found for as long as it will not, and an error where it may pass; no key is told"
    )
    func failures() async throws {
        let server = try AzureBlobServer([:])
        let options = ["account": "acme", "key": Self.key, "endpoint": server.url]
        let missing = await #expect(throws: HostError.self) { try await store(options).retention(of: "R/a") }
        #expect(
            missing?.message
                == "cannot read the lock of 'R/a' on backup target 'offsite': status 404, BlobNotFound")
        let refused = try await store(["sas_url": "\(server.url)/backup?canary=1"])
        let refusal = await #expect(throws: HostError.self) { try await refused.retention(of: "R/a") }
        #expect(refusal?.hint == "correct the secrets of the target's key")
        #expect(refusal?.disposition == .permanent)
        let found = try await refused.unlocked(["R/a", "R/b"], for: PlanDuration("180d"))
        #expect(found == ["nothing tells whether 'R/a' is locked: \(refusal?.message ?? "")"])
        let port = try LoopbackPort.free()
        let silent = try await store(options.merging(["endpoint": "http://127.0.0.1:\(port)"]) { $1 })
        let away = await #expect(throws: HostError.self) {
            try await silent.unlocked(["R/a"], for: PlanDuration("180d"))
        }
        #expect(away?.disposition == .transient)
        for error in [missing, refusal, away] { #expect("\(error as Any)".contains(Self.key) == false) }
    }
}
