//! The predefined extensions of cyber-observables (STIX 2.1, section 6).

use super::Type::{Any, Boolean, Dictionary, Hashes, List, Number, OneOf, Open, Reference, Text, Timestamp};
use super::common::{COUNT, HEX, TEXTS, WHOLE};
use super::vocabulary as v;
use super::{May, Must, Property as P, Record, Rule, Target, Type};

/// The closed enumeration of what an extension can be (section 7.3).
pub(crate) const EXTENSION_TYPES: &[&str] = &["new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"];

/// Each with the kind that it extends.
#[rustfmt::skip]
pub(crate) const EXTENSIONS: &[(&str, Record)] = &[
    ("file", record("archive-ext", "6.7.2", &[
        P("contains_refs", Must, List(&Reference(Target::Only(&["file", "directory"])))),
        P("comment", May, Text),
    ], &[])),
    ("file", record("ntfs-ext", "6.7.3", &[
        P("sid", May, Text),
        P("alternate_data_streams", May, List(&Type::Record(&STREAM))),
    ], &[Rule::AnyOf(&["sid", "alternate_data_streams"])])),
    ("file", record("pdf-ext", "6.7.4", &[
        P("version", May, Text),
        P("is_optimized", May, Boolean),
        P("document_info_dict", May, Dictionary(&Text)),
        P("pdfid0", May, Text),
        P("pdfid1", May, Text),
    ], &[Rule::AnyOf(&["version", "is_optimized", "document_info_dict", "pdfid0", "pdfid1"])])),
    ("file", record("raster-image-ext", "6.7.5", &[
        P("image_height", May, WHOLE),
        P("image_width", May, WHOLE),
        P("bits_per_pixel", May, WHOLE),
        P("exif_tags", May, Dictionary(&Any)),
    ], &[Rule::AnyOf(&["image_height", "image_width", "bits_per_pixel", "exif_tags"])])),
    ("file", record("windows-pebinary-ext", "6.7.6", &[
        P("pe_type", Must, Open(&v::WINDOWS_PEBINARY_TYPE)),
        P("imphash", May, Text),
        P("machine_hex", May, HEX),
        P("number_of_sections", May, COUNT),
        P("time_date_stamp", May, Timestamp),
        P("pointer_to_symbol_table_hex", May, HEX),
        P("number_of_symbols", May, COUNT),
        P("size_of_optional_header", May, COUNT),
        P("characteristics_hex", May, HEX),
        P("file_header_hashes", May, Hashes),
        P("optional_header", May, Type::Record(&OPTIONAL_HEADER)),
        P("sections", May, List(&Type::Record(&SECTION))),
    ], &[Rule::AnyOf(&[
        "imphash", "machine_hex", "number_of_sections", "time_date_stamp", "pointer_to_symbol_table_hex", "number_of_symbols",
        "size_of_optional_header", "characteristics_hex", "file_header_hashes", "optional_header", "sections",
    ])])),
    ("network-traffic", record("http-request-ext", "6.12.2", &[
        P("request_method", Must, Text),
        P("request_value", Must, Text),
        P("request_version", May, Text),
        P("request_header", May, Dictionary(&TEXTS)),
        P("message_body_length", May, WHOLE),
        P("message_body_data_ref", May, Reference(Target::Only(&["artifact"]))),
    ], &[])),
    ("network-traffic", record("icmp-ext", "6.12.3", &[
        P("icmp_type_hex", Must, HEX),
        P("icmp_code_hex", Must, HEX),
    ], &[])),
    ("network-traffic", record("socket-ext", "6.12.4", &[
        P("address_family", Must, OneOf(&[
            "AF_UNSPEC", "AF_INET", "AF_IPX", "AF_APPLETALK", "AF_NETBIOS", "AF_INET6", "AF_IRDA", "AF_BTH",
        ])),
        P("is_blocking", May, Boolean),
        P("is_listening", May, Boolean),
        P("options", May, Dictionary(&WHOLE)),
        P("socket_type", May, OneOf(&["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW", "SOCK_RDM", "SOCK_SEQPACKET"])),
        P("socket_descriptor", May, COUNT),
        P("socket_handle", May, WHOLE),
    ], &[])),
    ("network-traffic", record("tcp-ext", "6.12.5", &[
        P("src_flags_hex", May, HEX),
        P("dst_flags_hex", May, HEX),
    ], &[Rule::AnyOf(&["src_flags_hex", "dst_flags_hex"])])),
    ("process", record("windows-process-ext", "6.13.2", &[
        P("aslr_enabled", May, Boolean),
        P("dep_enabled", May, Boolean),
        P("priority", May, Text),
        P("owner_sid", May, Text),
        P("window_title", May, Text),
        P("startup_info", May, Dictionary(&Any)),
        P("integrity_level", May, OneOf(&["low", "medium", "high", "system"])),
    ], &[Rule::AnyOf(&[
        "aslr_enabled", "dep_enabled", "priority", "owner_sid", "window_title", "startup_info", "integrity_level",
    ])])),
    ("process", record("windows-service-ext", "6.13.3", &[
        P("service_name", May, Text),
        P("descriptions", May, TEXTS),
        P("display_name", May, Text),
        P("group_name", May, Text),
        P("start_type", May, OneOf(&[
            "SERVICE_AUTO_START", "SERVICE_BOOT_START", "SERVICE_DEMAND_START", "SERVICE_DISABLED", "SERVICE_SYSTEM_ALERT",
        ])),
        P("service_dll_refs", May, List(&Reference(Target::Only(&["file"])))),
        P("service_type", May, OneOf(&[
            "SERVICE_KERNEL_DRIVER", "SERVICE_FILE_SYSTEM_DRIVER", "SERVICE_WIN32_OWN_PROCESS", "SERVICE_WIN32_SHARE_PROCESS",
        ])),
        P("service_status", May, OneOf(&[
            "SERVICE_CONTINUE_PENDING", "SERVICE_PAUSE_PENDING", "SERVICE_PAUSED", "SERVICE_RUNNING", "SERVICE_START_PENDING",
            "SERVICE_STOP_PENDING", "SERVICE_STOPPED",
        ])),
    ], &[Rule::AnyOf(&[
        "service_name", "descriptions", "display_name", "group_name", "start_type", "service_dll_refs", "service_type", "service_status",
    ])])),
    ("user-account", record("unix-account-ext", "6.16.2", &[
        P("gid", May, WHOLE),
        P("groups", May, TEXTS),
        P("home_dir", May, Text),
        P("shell", May, Text),
    ], &[Rule::AnyOf(&["gid", "groups", "home_dir", "shell"])])),
];

const fn record(name: &'static str, section: &'static str, properties: &'static [P], rules: &'static [Rule]) -> Record {
    Record { name, section, properties, rules }
}

const STREAM: Record =
    record("alternate-data-stream", "6.7.3", &[P("name", Must, Text), P("hashes", May, Hashes), P("size", May, COUNT)], &[]);

#[rustfmt::skip]
const SECTION: Record = record("windows-pe-section", "6.7.6", &[
    P("name", Must, Text),
    P("size", May, COUNT),
    P("entropy", May, Number(f64::MIN, f64::MAX)),
    P("hashes", May, Hashes),
], &[]);

#[rustfmt::skip]
const OPTIONAL_HEADER: Record = record("windows-pe-optional-header", "6.7.6", &[
    P("magic_hex", May, HEX),
    P("major_linker_version", May, WHOLE),
    P("minor_linker_version", May, WHOLE),
    P("size_of_code", May, COUNT),
    P("size_of_initialized_data", May, COUNT),
    P("size_of_uninitialized_data", May, COUNT),
    P("address_of_entry_point", May, WHOLE),
    P("base_of_code", May, WHOLE),
    P("base_of_data", May, WHOLE),
    P("image_base", May, WHOLE),
    P("section_alignment", May, WHOLE),
    P("file_alignment", May, WHOLE),
    P("major_os_version", May, WHOLE),
    P("minor_os_version", May, WHOLE),
    P("major_image_version", May, WHOLE),
    P("minor_image_version", May, WHOLE),
    P("major_subsystem_version", May, WHOLE),
    P("minor_subsystem_version", May, WHOLE),
    P("win32_version_value_hex", May, HEX),
    P("size_of_image", May, COUNT),
    P("size_of_headers", May, COUNT),
    P("checksum_hex", May, HEX),
    P("subsystem_hex", May, HEX),
    P("dll_characteristics_hex", May, HEX),
    P("size_of_stack_reserve", May, COUNT),
    P("size_of_stack_commit", May, COUNT),
    P("size_of_heap_reserve", May, COUNT),
    P("size_of_heap_commit", May, COUNT),
    P("loader_flags_hex", May, HEX),
    P("number_of_rva_and_sizes", May, WHOLE),
    P("hashes", May, Hashes),
], &[]);
