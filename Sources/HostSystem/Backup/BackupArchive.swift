internal import Planning

/// The runs of one stack in one storage, of every host that ever made one.
struct BackupArchive: Sendable {
    let store: BackupStore
    let identity: BackupIdentity
    /// Public keys, beside this host's own.
    let signers: [String]
    let stack: String

    struct Place: Hashable, Sendable {
        let host: String
        let run: BackupRunID
    }

    /// Newest first.
    func places() async throws(HostError) -> [Place] {
        var places: [Place] = []
        for host in try await store.entries(in: stack) where host.isDirectory {
            for entry in try await store.entries(in: "\(stack)/\(host.name)") where entry.isDirectory {
                if let run = BackupRunID(entry.name) { places.append(Place(host: host.name, run: run)) }
            }
        }
        return places.sorted { ($0.run, $0.host) > ($1.run, $1.host) }
    }

    func path(of place: Place) -> String { "\(stack)/\(place.host)/\(place.run)" }

    /// What is known of a run without reading its data.
    enum Finding: Sendable {
        case valid(BackupManifest)
        /// It is still being uploaded, or its upload was given up.
        case unfinished
        /// It is no backup of ours, with the reason.
        case invalid(String)
    }

    func finding(at place: Place) async throws(HostError) -> Finding {
        let path = path(of: place)
        guard let bytes = try await store.content(of: "\(path)/\(BackupManifest.fileName)", limit: 16 << 20) else {
            return .unfinished
        }
        guard let signature = try await store.content(of: "\(path)/\(BackupManifest.signatureName)", limit: 1 << 16)
        else { return .invalid("it is not signed") }
        guard try await identity.isSigned(bytes, signature: signature, by: signers) else {
            return .invalid("its signature is of none of 'backup.signers'")
        }
        do {
            let manifest = try BackupManifest.decoded(bytes)
            // A signed manifest that was copied elsewhere would make old data look new.
            guard manifest.run == place.run, manifest.host == place.host, manifest.stack == stack else {
                return .invalid(
                    "its manifest is that of run \(manifest.run) of '\(manifest.host)', stack '\(manifest.stack)'")
            }
            return .valid(manifest)
        } catch {
            return .invalid(error.message)
        }
    }
}
