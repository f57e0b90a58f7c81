"""How good or bad FreeIPMI takes the states of sensors to be (its default interpretation rules).

Each row: the prefix of the rules' names, then what each is named and how bad it is: ``N`` nominal, ``W``
warning, ``C`` critical. The first is that of no state at all, the others are in the order of the offsets.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

RULES: Final = MappingProxyType(
    {
        (0x01, 0x00): (
            "IPMI_Threshold_Sensor_",
            "No_Event=N At_Or_Below_Lower_Non_Critical_Threshold=N "
            "At_Or_Below_Lower_Critical_Threshold=C At_Or_Below_Lower_Non_Recoverable_Threshold=C "
            "At_Or_Above_Upper_Non_Critical_Threshold=N At_Or_Above_Upper_Critical_Threshold=C "
            "At_Or_Above_Upper_Non_Recoverable_Threshold=C",
        ),
        (0x02, 0x12): (
            "IPMI_System_Event_Transition_State_",
            "No_Event=N Idle=N Active=N Busy=N",
        ),
        (0x03, 0x01): (
            "IPMI_Temperature_State_",
            "No_Event=N Deasserted=N Asserted=W",
        ),
        (0x03, 0x02): (
            "IPMI_Voltage_State_",
            "No_Event=N Deasserted=N Asserted=W",
        ),
        (0x03, 0x04): (
            "IPMI_Fan_State_",
            "No_Event=N Deasserted=N Asserted=W",
        ),
        (0x03, 0x07): (
            "IPMI_Processor_State_",
            "No_Event=N Deasserted=N Asserted=C",
        ),
        (0x03, 0x08): (
            "IPMI_Power_Supply_State_",
            "No_Event=N Deasserted=N Asserted=W",
        ),
        (0x03, 0x09): (
            "IPMI_Power_Unit_State_",
            "No_Event=N Deasserted=N Asserted=W",
        ),
        (0x03, 0x0C): (
            "IPMI_Memory_State_",
            "No_Event=N Deasserted=N Asserted=C",
        ),
        (0x03, 0x0D): (
            "IPMI_Drive_Slot_State_",
            "No_Event=N Deasserted=W Asserted=N",
        ),
        (0x03, 0x0E): (
            "IPMI_Post_Memory_Resize_State_",
            "No_Event=N Deasserted=N Asserted=W",
        ),
        (0x03, 0x0F): (
            "IPMI_System_Firmware_Progress_State_",
            "No_Event=N Deasserted=N Asserted=W",
        ),
        (0x03, 0x12): (
            "IPMI_System_Event_State_",
            "No_Event=N Deasserted=N Asserted=W",
        ),
        (0x03, 0x14): (
            "IPMI_Button_Switch_State_",
            "No_Event=N Deasserted=N Asserted=N",
        ),
        (0x03, 0x15): (
            "IPMI_Module_Board_State_",
            "No_Event=N Deasserted=N Asserted=C",
        ),
        (0x03, 0x1E): (
            "IPMI_Boot_Error_State_",
            "No_Event=N Deasserted=N Asserted=C",
        ),
        (0x03, 0x20): (
            "IPMI_OS_Critical_Stop_State_",
            "No_Event=N Deasserted=N Asserted=C",
        ),
        (0x03, 0x24): (
            "IPMI_Platform_Alert_State_",
            "No_Event=N Deasserted=N Asserted=C",
        ),
        (0x04, 0x0D): (
            "IPMI_Drive_Slot_Predictive_Failure_",
            "No_Event=N Deasserted=N Asserted=C",
        ),
        (0x05, 0x01): (
            "IPMI_Temperature_Limit_",
            "No_Event=N Not_Exceeded=N Exceeded=C",
        ),
        (0x05, 0x02): (
            "IPMI_Voltage_Limit_",
            "No_Event=N Not_Exceeded=N Exceeded=C",
        ),
        (0x06, 0x02): (
            "IPMI_Voltage_Performance_",
            "No_Event=N Met=N Lags=C",
        ),
        (0x07, 0x01): (
            "IPMI_Temperature_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x02): (
            "IPMI_Voltage_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x03): (
            "IPMI_Current_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x04): (
            "IPMI_Fan_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x08): (
            "IPMI_Power_Supply_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x09): (
            "IPMI_Power_Unit_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x0C): (
            "IPMI_Memory_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x0D): (
            "IPMI_Drive_Slot_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x0F): (
            "IPMI_System_Firmware_Progress_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x12): (
            "IPMI_System_Event_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x14): (
            "IPMI_Button_Switch_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x18): (
            "IPMI_Chassis_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x19): (
            "IPMI_Chip_Set_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x1B): (
            "IPMI_Cable_Interconnect_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x1E): (
            "IPMI_Boot_Error_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x21): (
            "IPMI_Slot_Connector_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x07, 0x28): (
            "IPMI_Management_Subsystem_Health_Transition_Severity_",
            "No_Event=N Transition_To_OK=N Transition_To_Non_Critical_From_OK=W "
            "Transition_To_Critical_From_Less_Severe=C Transition_To_Non_Recoverable_From_Less_Severe=C "
            "Transition_To_Non_Critical_From_More_Severe=W "
            "Transition_To_Critical_From_Non_Recoverable=C Transition_To_Non_Recoverable=C Monitor=W "
            "Informational=N",
        ),
        (0x08, 0x04): (
            "IPMI_Fan_Device_Present_Device_",
            "No_Event=N Removed_Device_Absent=C Inserted_Device_Present=N",
        ),
        (0x08, 0x09): (
            "IPMI_Power_Unit_Device_Present_",
            "No_Event=N Device_Removed_Device_Absent=C Device_Inserted_Device_Present=N",
        ),
        (0x08, 0x0D): (
            "IPMI_Drive_Slot_Device_Present_",
            "No_Event=N Device_Removed_Device_Absent=C Device_Inserted_Device_Present=N",
        ),
        (0x08, 0x0F): (
            "IPMI_System_Firmware_Progress_Device_Present_Device_",
            "No_Event=N Removed_Device_Absent=C Inserted_Device_Present=N",
        ),
        (0x08, 0x15): (
            "IPMI_Module_Board_Device_Present_",
            "No_Event=N Device_Removed_Device_Absent=C Device_Inserted_Device_Present=N",
        ),
        (0x08, 0x25): (
            "IPMI_Entity_Presence_Device_Present_",
            "No_Event=N Device_Removed_Device_Absent=C Device_Inserted_Device_Present=N",
        ),
        (0x08, 0x28): (
            "IPMI_Management_Subsystem_Health_Device_Present_Device_",
            "No_Event=N Removed_Device_Absent=C Inserted_Device_Present=N",
        ),
        (0x0A, 0x04): (
            "IPMI_Fan_Transition_Availability_",
            "No_Event=N To_Running=N To_In_Test=W To_Power_Off=W To_On_Line=W To_Off_Line=W "
            "To_Off_Duty=W To_Degraded=C To_Power_Save=W Install_Error=C",
        ),
        (0x0B, 0x04): (
            "IPMI_Fan_Redundancy_",
            "No_Event=N Fully_Redundant=N Redundancy_Lost=C Redundancy_Degraded=W "
            "Non_Redundant_Sufficient_Resources_From_Redundant=C "
            "Non_Redundant_Sufficient_Resources_From_Insufficient_Redundancy=C "
            "Non_Redundant_Insufficient_Resources=C Redundancy_Degraded_From_Fully_Redundant=W "
            "Redundancy_Degraded_From_Non_Redundant=W",
        ),
        (0x0B, 0x08): (
            "IPMI_Power_Supply_Redundancy_",
            "No_Event=N Fully_Redundant=N Redundancy_Lost=C Redundancy_Degraded=W "
            "Non_Redundant_Sufficient_Resources_From_Redundant=C "
            "Non_Redundant_Sufficient_Resources_From_Insufficient_Redundancy=C "
            "Non_Redundant_Insufficient_Resources=C Redundancy_Degraded_From_Fully_Redundant=W "
            "Redundancy_Degraded_From_Non_Redundant=W",
        ),
        (0x0B, 0x09): (
            "IPMI_Power_Unit_Redundancy_",
            "No_Event=N Fully_Redundant=N Redundancy_Lost=C Redundancy_Degraded=W "
            "Non_Redundant_Sufficient_Resources_From_Redundant=C "
            "Non_Redundant_Sufficient_Resources_From_Insufficient_Redundancy=C "
            "Non_Redundant_Insufficient_Resources=C Redundancy_Degraded_From_Fully_Redundant=W "
            "Redundancy_Degraded_From_Non_Redundant=W",
        ),
        (0x0B, 0x0A): (
            "IPMI_Cooling_Device_Redundancy_",
            "No_Event=N Fully_Redundant=N Redundancy_Lost=C Redundancy_Degraded=W "
            "Non_Redundant_Sufficient_Resources_From_Redundant=C "
            "Non_Redundant_Sufficient_Resources_From_Insufficient_Redundancy=C "
            "Non_Redundant_Insufficient_Resources=C Redundancy_Degraded_From_Fully_Redundant=W "
            "Redundancy_Degraded_From_Non_Redundant=W",
        ),
        (0x0B, 0x0C): (
            "IPMI_Memory_Redundancy_",
            "No_Event=N Fully_Redundant=N Redundancy_Lost=C Redundancy_Degraded=W "
            "Non_Redundant_Sufficient_Resources_From_Redundant=C "
            "Non_Redundant_Sufficient_Resources_From_Insufficient_Redundancy=C "
            "Non_Redundant_Insufficient_Resources=C Redundancy_Degraded_From_Fully_Redundant=W "
            "Redundancy_Degraded_From_Non_Redundant=W",
        ),
        (0x6F, 0x05): (
            "IPMI_Physical_Security_",
            "No_Event=N General_Chassis_Intrusion=C Drive_Bay_Intrusion=C IO_Card_Intrusion=C "
            "Processor_Area_Intrusion=C LAN_Leash_Lost=C Unauthorized_Dock_Undock=C "
            "FAN_Area_Intrusion=C",
        ),
        (0x6F, 0x06): (
            "IPMI_Platform_Security_Violation_Attempt_",
            "No_Event=N Secure_Mode_Violation_Attempt=C Pre_Boot_Password_Violation_User_Password=C "
            "Pre_Boot_Password_Violation_Attempt_Setup_Password=C "
            "Pre_Boot_Password_Violation_Network_Boot_Password=C Other_Pre_Boot_Password_Violation=C "
            "Out_Of_Band_Access_Password_Violation=C",
        ),
        (0x6F, 0x07): (
            "IPMI_Processor_",
            "No_Event=N IERR=C Thermal_Trip=C FRB1_BIST_Failure=C FRB2_Hang_In_POST_Failure=C "
            "FRB3_Processor_Startup_Initialization_Failure=C Configuration_Error=C "
            "SMBIOS_Uncorrectable_CPU_Complex_Error=C Processor_Presence_Detected=N "
            "Processor_Disabled=C Terminator_Presence_Detected=C Processor_Automatically_Throttled=W "
            "Machine_Check_Exception=C Correctable_Machine_Check_Error=W",
        ),
        (0x6F, 0x08): (
            "IPMI_Power_Supply_",
            "No_Event=N Presence_Detected=N Power_Supply_Failure_Detected=C Predictive_Failure=C "
            "Power_Supply_Input_Lost_AC_DC=C Power_Supply_Input_Lost_Or_Out_Of_Range=C "
            "Power_Supply_Input_Out_Of_Range_But_Present=C Configuration_Error=C "
            "Power_Supply_Inactive=W",
        ),
        (0x6F, 0x09): (
            "IPMI_Power_Unit_",
            "No_Event=N Power_Off_Power_Down=N Power_Cycle=N 240VA_Power_Down=W Interlock_Power_Down=W "
            "AC_Lost=C Soft_Power_Control_Failure=C Power_Unit_Failure_Detected=C Predictive_Failure=C",
        ),
        (0x6F, 0x0C): (
            "IPMI_Memory_",
            "No_Event=N Correctable_Memory_Error=W Uncorrectable_Memory_Error=C Parity=C "
            "Memory_Scrub_Failed=C Memory_Device_Disabled=C "
            "Correctable_Memory_Error_Logging_Limit_Reached=W Presence_Detected=N Configuration_Error=C "
            "Spare=N Memory_Automatically_Throttled=W Critical_Overtemperature=C",
        ),
        (0x6F, 0x0D): (
            "IPMI_Drive_Slot_",
            "No_Event=N Drive_Presence=N Drive_Fault=C Predictive_Failure=C Hot_Spare=N "
            "Consistency_Check_Parity_Check_In_Progress=N In_Critical_Array=C In_Failed_Array=C "
            "Rebuild_Remap_In_Progress=N Rebuild_Remap_Aborted=C",
        ),
        (0x6F, 0x0F): (
            "IPMI_System_Firmware_Progress_",
            "No_Event=N System_Firmware_Error=C System_Firmware_Hang=C System_Firmware_Progress=N",
        ),
        (0x6F, 0x10): (
            "IPMI_Event_Logging_Disabled_",
            "No_Event=N Correctable_Memory_Error_Logging_Disabled=C Event_Type_Logging_Disabled=C "
            "Log_Area_Reset_Cleared=N All_Event_Logging_Disabled=C SEL_Full=C SEL_Almost_Full=W "
            "Correctable_Machine_Check_Error_Logging_Disabled=C",
        ),
        (0x6F, 0x12): (
            "IPMI_System_Event_",
            "No_Event=N System_Reconfigured=W OEM_System_Boot_Event=N "
            "Undetermined_System_Hardware_Failure=C Entry_Added_To_Auxiliary_Log=N PEF_Action=N "
            "Timestamp_Clock_Sync=W",
        ),
        (0x6F, 0x13): (
            "IPMI_Critical_Interrupt_",
            "No_Event=N Front_Panel_NMI_Diagnostic_Interrupt=C Bus_Timeout=C IO_Channel_Check_NMI=C "
            "Software_NMI=W PCI_PERR=C PCI_SERR=C EISA_Fail_Safe_Timeout=C Bus_Correctable_Error=W "
            "Bus_Uncorrectable_Error=C Fatal_NMI=C Bus_Fatal_Error=C Bus_Degraded=W",
        ),
        (0x6F, 0x14): (
            "IPMI_Button_Switch_",
            "No_Event=N Power_Button_Pressed=N Sleep_Button_Pressed=N Reset_Button_Pressed=N "
            "FRU_Latch_Open=W FRU_Service_Request_Button=W",
        ),
        (0x6F, 0x1B): (
            "IPMI_Cable_Interconnect_",
            "No_Event=N Is_Connected=N Configuration_Error=C",
        ),
        (0x6F, 0x1E): (
            "IPMI_Boot_Error_",
            "No_Event=N No_Bootable_Media=C Non_Bootable_Diskette_Left_In_Drive=C "
            "PXE_Server_Not_Found=C Invalid_Boot_Sector=C "
            "Timeout_Waiting_For_User_Selection_Of_Boot_Source=W",
        ),
        (0x6F, 0x1F): (
            "IPMI_OS_Boot_",
            "No_Event=N A_Boot_Completed=N C_Boot_Completed=N PXE_Boot_Completed=N "
            "Diagnostic_Boot_Completed=N CD_ROM_Boot_Completed=N ROM_Boot_Completed=N "
            "Boot_Completed_Boot_Device_Not_Specified=W Base_OS_Hypervisor_Installation_Started=N "
            "Base_OS_Hypervisor_Installation_Completed=N Base_OS_Hypervisor_Installation_Aborted=W "
            "Base_OS_Hypervisor_Installation_Failed=C",
        ),
        (0x6F, 0x21): (
            "IPMI_Slot_Connector_",
            "No_Event=N Fault_Status_Asserted=C Identify_Status_Asserted=W "
            "Slot_Connector_Device_Installed_Attached=N Slot_Connector_Ready_For_Device_Installation=N "
            "Slot_Connector_Ready_For_Device_Removal=N Slot_Power_Is_Off=N "
            "Slot_Connector_Device_Removal_Request=W Interlock_Asserted=W Slot_Is_Disabled=W "
            "Slot_Holds_Spare_Device=N",
        ),
        (0x6F, 0x22): (
            "IPMI_System_ACPI_Power_State_",
            "No_Event=N S0_G0=N S1=N S2=N S3=N S4=N S5_G2=N S4_S5_Soft_Off=N G3_Mechanical_Off=N "
            "Sleeping_in_an_S1_S2_or_S3_States=N G1_Sleeping=N S5_Entered_By_Override=N "
            "Legacy_ON_State=N Legacy_OFF_State=N Unspecified=C Unknown=C",
        ),
        (0x6F, 0x23): (
            "IPMI_Watchdog2_",
            "No_Event=N Timer_Expired=W Hard_Reset=C Power_Down=C Power_Cycle=C Reserved1=N Reserved2=N "
            "Reserved3=N Reserved4=N Timer_Interrupt=W",
        ),
        (0x6F, 0x25): (
            "IPMI_Entity_Presence_",
            "No_Event=N Entity_Present=N Entity_Absent=C Entity_Disabled=C",
        ),
        (0x6F, 0x28): (
            "IPMI_Management_Subsystem_Health_",
            "No_Event=N Sensor_Access_Degraded_Or_Unavailable=C "
            "Controller_Access_Degraded_Or_Unavailable=C Management_Controller_Off_Line=C "
            "Management_Controller_Unavailable=C Sensor_Failure=C FRU_Failure=C",
        ),
        (0x6F, 0x29): (
            "IPMI_Battery_",
            "No_Event=N Battery_Low=W Battery_Failed=C Battery_Presence_Detected=N",
        ),
        (0x6F, 0x2A): (
            "IPMI_Session_Audit_",
            "No_Event=N Session_Activated=N Session_Deactivated=N Invalid_Username_Or_Password=W "
            "Invalid_Password_Disable=C",
        ),
        (0x6F, 0x2B): (
            "IPMI_Version_Change_",
            "No_Event=N Hardware_Change_Detected_With_Associated_Entity=W "
            "Firmware_Or_Software_Change_Detected_With_Associated_Entity=W "
            "Hardware_Incompatability_Detected_With_Associated_Entity=C "
            "Firmware_Or_Software_Incompatability_Detected_With_Associated_Entity=C "
            "Entity_Is_Of_An_Invalid_Or_Unsupported_Hardware_Version=C "
            "Entity_Contains_An_Invalid_Or_Unsupported_Firmware_Or_Software_Version=C "
            "Hardware_Change_Detected_With_Associated_Entity_Was_Successful=N "
            "Software_Or_FW_Change_Detected_With_Associated_Entity_Was_Successful=N",
        ),
        (0x6F, 0x2C): (
            "IPMI_FRU_State_",
            "No_Event=N FRU_Not_Installed=C FRU_Inactive=C FRU_Activation_Requested=W "
            "FRU_Activation_In_Progress=W FRU_Active=N FRU_Deactivation_Requested=W "
            "FRU_Deactivation_In_Progress=W FRU_Communication_Lost=C",
        ),
    }
)
"""By event/reading type and sensor type; thresholds of every sensor type under 0."""
